package io.headrace.engine.process;

import com.esotericsoftware.kryo.kryo5.Kryo;
import com.esotericsoftware.kryo.kryo5.KryoException;
import com.esotericsoftware.kryo.kryo5.Serializer;
import com.esotericsoftware.kryo.kryo5.io.Input;
import com.esotericsoftware.kryo.kryo5.io.Output;
import com.esotericsoftware.kryo.kryo5.serializers.CollectionSerializer;
import com.esotericsoftware.kryo.kryo5.serializers.MapSerializer;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntFunction;

/**
 * Writes messages as bytes, and reads them again. Both ends are of one build, and the bytes are
 * kept nowhere. For one thread.
 *
 * <p>Values are records of the standard types; a collection comes out as the plain one of its kind,
 * in the natural order if it is a sorted one.
 */
final class Codec {
  private static final int FIRST_BYTES = 4 << 10;

  private final Kryo kryo = new Kryo();
  private final Output buffer = new Output(FIRST_BYTES, -1);

  Codec() {
    kryo.setRegistrationRequired(false);
    kryo.setReferences(false);
    // The first that fits counts.
    kryo.addDefaultSerializer(Path.class, new PathSerializer());
    kryo.addDefaultSerializer(SortedMap.class, new Maps(size -> new TreeMap<>()));
    kryo.addDefaultSerializer(Map.class, new Maps(LinkedHashMap::new));
    kryo.addDefaultSerializer(SortedSet.class, new Collections(size -> new TreeSet<>()));
    kryo.addDefaultSerializer(Set.class, new Collections(LinkedHashSet::new));
    kryo.addDefaultSerializer(List.class, new Collections(ArrayList::new));
  }

  /** Writes a message, and flushes. */
  void write(Message message, DataOutputStream out) throws IOException {
    buffer.reset();
    kryo.writeClassAndObject(buffer, message);
    out.writeInt(buffer.position());
    out.write(buffer.getBuffer(), 0, buffer.position());
    out.flush();
  }

  /**
   * Waits for a message.
   *
   * @throws EOFException if there is no other
   */
  Message read(DataInputStream in) throws IOException {
    byte[] bytes = new byte[in.readInt()];
    in.readFully(bytes);
    try {
      return (Message) kryo.readClassAndObject(new Input(bytes));
    } catch (KryoException e) {
      throw new IOException(e);
    }
  }

  private static final class PathSerializer extends Serializer<Path> {
    PathSerializer() {
      super(false, true);
    }

    @Override
    public void write(Kryo kryo, Output output, Path path) {
      output.writeString(path.toString());
    }

    @Override
    public Path read(Kryo kryo, Input input, Class<? extends Path> type) {
      return Path.of(input.readString());
    }
  }

  private static final class Collections extends CollectionSerializer<Collection<Object>> {
    private final IntFunction<Collection<Object>> ofSize;

    Collections(IntFunction<Collection<Object>> ofSize) {
      this.ofSize = ofSize;
    }

    @Override
    protected Collection<Object> create(
        Kryo kryo, Input input, Class<? extends Collection<Object>> type, int size) {
      return ofSize.apply(size);
    }
  }

  private static final class Maps extends MapSerializer<Map<Object, Object>> {
    private final IntFunction<Map<Object, Object>> ofSize;

    Maps(IntFunction<Map<Object, Object>> ofSize) {
      this.ofSize = ofSize;
    }

    @Override
    protected Map<Object, Object> create(
        Kryo kryo, Input input, Class<? extends Map<Object, Object>> type, int size) {
      return ofSize.apply(size);
    }
  }
}
