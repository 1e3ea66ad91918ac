import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs the scenarios of the contract that are asked for and prints one JSON object; see SCENARIOS.md. */
public final class Main {
    private Main() {}

    /** The program. */
    public static void main(String[] arguments) {
        Map<String, Kit.Scenario> scenarios = new LinkedHashMap<>();
        Scenarios.addTo(scenarios);
        Map<String, Object> results = new LinkedHashMap<>();
        scenarios.keySet().retainAll(List.of(System.getenv("CONTRACT_SCENARIOS").split(",")));
        scenarios.forEach((name, scenario) -> results.put(name, result(name, scenario)));
        new PrintStream(System.out, true, StandardCharsets.UTF_8).println(Kit.json(results));
    }

    private static Object result(String name, Kit.Scenario scenario) {
        Kit kit = new Kit(name);
        try {
            return Kit.json(scenario.run(kit));
        } catch (Exception unforeseen) {
            return Kit.map("crash", unforeseen.toString());
        } finally {
            kit.close();
        }
    }
}
