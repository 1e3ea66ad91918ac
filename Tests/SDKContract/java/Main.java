import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Runs every scenario of the contract and prints one JSON object; see SCENARIOS.md. */
public final class Main {
    private Main() {}

    /** The program. */
    public static void main(String[] arguments) {
        Map<String, Kit.Scenario> scenarios = new LinkedHashMap<>();
        AuthScenarios.addTo(scenarios);
        WireScenarios.addTo(scenarios);
        RetryScenarios.addTo(scenarios);
        PagingScenarios.addTo(scenarios);
        ValueScenarios.addTo(scenarios);
        ErrorScenarios.addTo(scenarios);
        Map<String, Object> results = new LinkedHashMap<>();
        scenarios.forEach((name, scenario) -> results.put(name, result(scenario)));
        new PrintStream(System.out, true, StandardCharsets.UTF_8).println(Kit.json(results));
    }

    private static Object result(Kit.Scenario scenario) {
        try {
            return Kit.json(scenario.run(new Kit()));
        } catch (Exception unforeseen) {
            return Kit.map("crash", unforeseen.toString());
        }
    }
}
