package portico.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** Bytes to send: in memory, of a file, or a stream. */
public final class Body {
    private final byte[] bytes;
    private final Supplier<InputStream> streams;
    /** Whether {@link #streams} gives a new stream each time. */
    private final boolean isRepeatable;
    private final String mediaType;
    private final AtomicBoolean wasRead;

    private Body(
        byte[] bytes, Supplier<InputStream> streams, boolean isRepeatable, String mediaType, AtomicBoolean wasRead) {
        this.bytes = bytes;
        this.streams = streams;
        this.isRepeatable = isRepeatable;
        this.mediaType = mediaType;
        this.wasRead = wasRead;
    }

    /** Bytes. */
    public static Body of(byte... bytes) {
        return new Body(bytes.clone(), null, true, null, new AtomicBoolean());
    }

    /** Text in UTF-8. */
    public static Body of(String text) {
        return new Body(text.getBytes(StandardCharsets.UTF_8), null, true, null, new AtomicBoolean());
    }

    /** The content of a file, which is opened for each attempt. */
    public static Body of(Path file) {
        return ofStreams(() -> {
            try {
                return Files.newInputStream(file);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        });
    }

    /** A stream. It is read once, so a call that failed after it was read is not tried again. */
    public static Body of(InputStream stream) {
        return new Body(null, () -> stream, false, null, new AtomicBoolean());
    }

    /** Streams of the same content, one for each attempt. */
    public static Body ofStreams(Supplier<? extends InputStream> streams) {
        return new Body(null, streams::get, true, null, new AtomicBoolean());
    }

    /** The same content as another media type than the operation's own. */
    public Body withMediaType(String mediaType) {
        return new Body(bytes, streams, isRepeatable, mediaType, wasRead);
    }

    /** The media type, if it was given. */
    public Optional<String> mediaType() {
        return Optional.ofNullable(mediaType);
    }

    boolean canBeSent() {
        return isRepeatable || !wasRead.get();
    }

    BodyPublisher publisher() {
        return bytes != null ? BodyPublishers.ofByteArray(bytes) : BodyPublishers.ofInputStream(this::open);
    }

    /** The content in memory, as signing needs it. */
    Body inMemory() {
        if (bytes != null) {
            return this;
        }
        try (InputStream stream = open()) {
            return new Body(stream.readAllBytes(), null, true, mediaType, wasRead);
        } catch (IOException failure) {
            throw new TransportException("the stream to send cannot be read", failure);
        }
    }

    /** The bytes of {@link #inMemory()}. */
    byte[] content() {
        return bytes;
    }

    private InputStream open() {
        if (wasRead.getAndSet(true) && !isRepeatable) {
            throw new InvalidArgumentException("the stream of a body was read before; it can be sent once");
        }
        return streams.get();
    }
}
