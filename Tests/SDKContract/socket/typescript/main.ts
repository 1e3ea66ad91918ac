// Runs every scenario of SCENARIOS.md with the generated client and prints one JSON object of results.
import { scenarios } from "./scenarios.js";
import { Kit, type Result } from "./support.js";

const results: { [name: string]: Result } = {};
for (const [name, scenario] of Object.entries(scenarios)) {
  const kit = new Kit(name);
  try {
    results[name] = await scenario(kit);
  } catch (error) {
    results[name] = { crash: String(error instanceof Error ? error.stack : error) };
  }
  await kit.close();
}
console.log(JSON.stringify(results));
