import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.apache.velocity.VelocityContext;
import org.apache.velocity.app.event.EventCartridge;
import org.apache.velocity.app.event.InvalidReferenceEventHandler;
import org.apache.velocity.context.Context;
import org.apache.velocity.exception.ParseErrorException;
import org.apache.velocity.runtime.RuntimeInstance;
import org.apache.velocity.util.introspection.Info;

/**
 * Renders templates with Apache Velocity 1.7, set up as API Gateway is: undefined references are the empty string, macros
 * and #evaluate are off. Standard input holds templates, each ended by the byte 0x1E; standard output gets the results in
 * the same form, a failure as the byte 0x15 and its reason.
 */
public class VelocityOracle {
    /** What is not there is the empty string. */
    static class EmptyText implements InvalidReferenceEventHandler {
        public Object invalidGetMethod(Context c, String reference, Object o, String property, Info i) { return ""; }
        public boolean invalidSetMethod(Context c, String left, String right, Info i) { return false; }
        public Object invalidMethod(Context c, String reference, Object o, String method, Info i) { return ""; }
    }

    private static String render(RuntimeInstance engine, String template) {
        VelocityContext context = new VelocityContext();
        EventCartridge events = new EventCartridge();
        events.addEventHandler(new EmptyText());
        events.attachToContext(context);
        StringWriter writer = new StringWriter();
        try {
            engine.evaluate(context, writer, "template", new StringReader(template));
            return writer.toString();
        } catch (Throwable failure) {
            Throwable cause = failure;
            while (cause.getCause() != null && cause.getCause() != cause) cause = cause.getCause();
            return "\u0015" + (failure instanceof ParseErrorException ? "compile: " : "run: ") + cause;
        }
    }

    public static void main(String[] arguments) throws Exception {
        RuntimeInstance engine = new RuntimeInstance();
        engine.setProperty("runtime.log.logsystem.class", "org.apache.velocity.runtime.log.NullLogChute");
        engine.setProperty("velocimacro.permissions.allow.inline", "false");
        engine.setProperty("velocimacro.library", "");
        engine.init();
        engine.removeDirective("evaluate");
        OutputStream out = new BufferedOutputStream(System.out, 1 << 16);
        ByteArrayOutputStream template = new ByteArrayOutputStream();
        for (byte next : System.in.readAllBytes()) {
            if (next != 0x1E) {
                template.write(next);
                continue;
            }
            out.write(render(engine, template.toString("UTF-8")).getBytes(StandardCharsets.UTF_8));
            out.write(0x1E);
            template.reset();
        }
        out.flush();
    }
}
