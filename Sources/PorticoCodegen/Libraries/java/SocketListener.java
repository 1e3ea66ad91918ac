package portico.runtime;

import java.io.ByteArrayOutputStream;
import java.net.ProtocolException;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.concurrent.CompletionStage;

/** Puts messages together for a connection. */
abstract class SocketListener implements WebSocket.Listener {
    /** The HTTP client sends no 1009. */
    private static final int TOO_LONG = 4009;

    private final long maxMessageBytes;
    private final StringBuilder text = new StringBuilder();
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();
    private long size;

    SocketListener(long maxMessageBytes) {
        this.maxMessageBytes = maxMessageBytes;
    }

    /** Something came. */
    abstract void hear();

    /** A whole text message came. */
    abstract void take(String text);

    /** A whole binary message came. */
    abstract void take(Bytes data);

    /** The connection ended. */
    abstract void lose(WebSocket which, int code, String reason);

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean isLast) {
        text.append(part);
        size += bytes(part);
        if (isTooLong(from)) {
            return null;
        }
        if (isLast) {
            String whole = text.toString();
            reset();
            take(whole);
        }
        next(from, isLast);
        return null;
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket from, ByteBuffer part, boolean isLast) {
        byte[] bytes = new byte[part.remaining()];
        part.get(bytes);
        data.writeBytes(bytes);
        size += bytes.length;
        if (isTooLong(from)) {
            return null;
        }
        if (isLast) {
            Bytes whole = Bytes.of(data.toByteArray());
            reset();
            take(whole);
        }
        next(from, isLast);
        return null;
    }

    @Override
    public CompletionStage<?> onPing(WebSocket from, ByteBuffer message) {
        // The HTTP client has answered it.
        next(from, false);
        return null;
    }

    @Override
    public CompletionStage<?> onPong(WebSocket from, ByteBuffer message) {
        next(from, false);
        return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        lose(from, code, reason);
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        int code = 1006;
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof CharacterCodingException) {
                code = 1007;
            } else if (cause instanceof ProtocolException && code == 1006) {
                code = 1002;
            }
        }
        lose(from, code, "");
    }

    /** Asks for more unless a message came that nobody has taken yet. */
    private void next(WebSocket from, boolean isDelivered) {
        hear();
        if (!isDelivered) {
            from.request(1);
        }
    }

    private boolean isTooLong(WebSocket from) {
        if (size <= maxMessageBytes) {
            return false;
        }
        reset();
        lose(from, 1009, "");
        from.sendClose(TOO_LONG, "").whenComplete((sent, failure) -> from.abort());
        return true;
    }

    private void reset() {
        text.setLength(0);
        data.reset();
        size = 0;
    }

    private long bytes(CharSequence part) {
        long count = 0;
        for (int index = 0; index < part.length(); index++) {
            char unit = part.charAt(index);
            count += unit < 0x80 ? 1 : unit < 0x800 || Character.isSurrogate(unit) ? 2 : 3;
        }
        return count;
    }
}
