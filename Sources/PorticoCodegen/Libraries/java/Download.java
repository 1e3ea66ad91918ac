package portico.runtime;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A body as it comes. What breaks it is thrown as {@link TransportException}, as by all calls. */
final class Download extends FilterInputStream {
    Download(InputStream stream) {
        super(stream);
    }

    @Override
    public int read() {
        try {
            return in.read();
        } catch (IOException failure) {
            throw broken(failure);
        }
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
        try {
            return in.read(buffer, offset, length);
        } catch (IOException failure) {
            throw broken(failure);
        }
    }

    private static TransportException broken(IOException failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        return new TransportException("the body ended early: " + cause, cause);
    }
}
