package io.headrace.server.api;

import io.headrace.server.route.Need;
import io.headrace.server.route.Need.Act;
import io.headrace.server.route.Projects;
import io.headrace.server.route.Route;
import io.headrace.server.route.Where;
import io.headrace.server.topic.TopicEndpoint;
import java.util.List;

/** Topics: takes events for those that tables read. */
final class TopicRoutes {
  private final TopicEndpoint endpoint;

  TopicRoutes(Projects projects) {
    this.endpoint = new TopicEndpoint(context -> projects.of(context).topics());
  }

  List<Route> routes() {
    return List.of(
        Route.post(
                Api.PROJECT + TopicEndpoint.PATH,
                "Takes events for a topic that a table reads: the body, or each line of application/x-ndjson",
                endpoint)
            .query("key", "environment")
            .style(Route.Style.EVENTS)
            .needs(Need.in(Act.OPERATE, Where.query("environment"))));
  }
}
