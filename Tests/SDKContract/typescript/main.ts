// Runs every scenario of SCENARIOS.md with the generated client and prints one JSON object of results.
import { allScenarios } from "./scenarios.js";
import { JSONText, type Result } from "./support.js";

const results: { [name: string]: Result } = {};
for (const [name, scenario] of Object.entries(allScenarios)) {
  try {
    results[name] = await scenario();
  } catch (error) {
    results[name] = { crash: String(error instanceof Error ? error.stack : error) };
  }
}
console.log(JSONText(results));
