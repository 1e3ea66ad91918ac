import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.velocity.Template;
import org.apache.velocity.VelocityContext;
import org.apache.velocity.app.VelocityEngine;

/**
 * How often Apache Velocity renders the templates of a folder in a second on the CPU: the best of four rounds. Bodies
 * are objects already; nothing is parsed. Arguments: folder, seconds for each template, and perhaps the name of the one
 * template to print instead.
 */
public class VelocityRenders {
    private static final String[] TEMPLATES = {"passthrough", "items", "mock"};

    /** The part of $util that the templates use. */
    public static class Util {
        public String escapeJavaScript(Object value) {
            if (value == null) return null;
            String text = value.toString();
            StringBuilder result = new StringBuilder(text.length() + 8);
            for (int place = 0; place < text.length(); place++) {
                char letter = text.charAt(place);
                switch (letter) {
                    case '"', '\\', '\'', '/' -> result.append('\\').append(letter);
                    case '\n' -> result.append("\\n");
                    case '\r' -> result.append("\\r");
                    case '\t' -> result.append("\\t");
                    default -> result.append(letter);
                }
            }
            return result.toString();
        }
    }

    /** $input with its answers made. */
    public static class Input {
        private final String json;
        private final Object root;
        private final Map<String, Object> parameters;

        Input(String json, Object root, Map<String, Object> parameters) {
            this.json = json;
            this.root = root;
            this.parameters = parameters;
        }

        public Map<String, Object> params() { return parameters; }
        public String json(String path) { return json; }
        public Object path(String path) { return root; }
    }

    public static void main(String[] arguments) throws Exception {
        VelocityEngine engine = new VelocityEngine();
        engine.setProperty("file.resource.loader.path", arguments[0]);
        engine.setProperty("file.resource.loader.cache", "true");
        engine.setProperty("runtime.log.logsystem.class", "org.apache.velocity.runtime.log.NullLogChute");
        engine.init();
        VelocityContext context = context();
        if (arguments.length > 2) {
            System.out.print(render(engine.getTemplate(arguments[2] + ".vtl"), context));
            return;
        }
        double seconds = Double.parseDouble(arguments[1]);
        for (String name : TEMPLATES) {
            Template template = engine.getTemplate(name + ".vtl");
            double best = 0;
            for (int round = 0; round < 4; round++) best = Math.max(best, rate(template, context, seconds / 4));
            int bytes = render(template, context).length();
            System.out.printf("velocity %s renders_per_cpu_s=%.0f bytes=%d%n", name, best, bytes);
        }
    }

    private static double rate(Template template, VelocityContext context, double seconds) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long begin = threads.getCurrentThreadCpuTime();
        long limit = (long) (seconds * 1e9);
        long spent;
        long count = 0;
        do {
            for (int turn = 0; turn < 20; turn++) render(template, context);
            count += 20;
            spent = threads.getCurrentThreadCpuTime() - begin;
        } while (spent < limit);
        return count * 1e9 / spent;
    }

    private static String render(Template template, VelocityContext context) {
        StringWriter writer = new StringWriter(256);
        template.merge(new VelocityContext(context), writer);
        return writer.toString();
    }

    private static VelocityContext context() {
        List<Object> items = new ArrayList<>();
        for (int number = 0; number < 100; number++) {
            items.add(map(
                "id", map("S", "item-" + number), "title", map("S", "A \"quoted\" title no. " + number),
                "price", map("N", "" + (10 + number)), "qty", map("N", "" + number % 5)));
        }
        Map<String, Object> parameters = map(
            "path", map("id", "42", "item", "abc-9"),
            "querystring", map("limit", "10", "after", "2024-01-01", "sort", "name"),
            "header", map(
                "Accept", "application/json", "Host", "api.example.com", "User-Agent", "bench/1.0 (linux)",
                "X-Api-Key", "key-0001-abcdefghijklmnop", "X-Forwarded-For", "127.0.0.1",
                "Content-Type", "application/json"));
        Map<String, Object> identity = map(
            "accountId", "123456789012", "apiKey", "k", "caller", "c", "sourceIp", "127.0.0.1", "user", "u",
            "userAgent", "bench/1.0", "userArn", "arn:aws:iam::123456789012:user/u");
        String json = "{\"name\":\"Portable speaker\",\"qty\":3,\"tags\":[\"audio\",\"outdoor\"]}";
        VelocityContext context = new VelocityContext();
        context.put("input", new Input(json, map("Items", items, "Count", 100), parameters));
        context.put("util", new Util());
        context.put("stageVariables", map("env", "prod", "table", "items-prod"));
        context.put("context", map(
            "identity", identity, "authorizer", map("principalId", "p"), "apiId", "abc123", "httpMethod", "POST",
            "stage", "prod", "requestId", "c6af9ac6-7b61-11e6-9a41-93e8deadbeef", "resourceId", "r1",
            "resourcePath", "/things/{id}"));
        return context;
    }

    private static Map<String, Object> map(Object... pairs) {
        Map<String, Object> result = new LinkedHashMap<>();
        for (int place = 0; place < pairs.length; place += 2) result.put((String) pairs[place], pairs[place + 1]);
        return result;
    }
}
