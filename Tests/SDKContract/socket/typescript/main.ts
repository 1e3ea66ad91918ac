// Runs those scenarios of SCENARIOS.md that are asked for and prints one JSON object of results.
import { scenarios } from "./scenarios.js";
import { Kit, variable, type Result } from "./support.js";

const results: { [name: string]: Result } = {};
const wanted = variable("CONTRACT_SCENARIOS").split(",");
for (const [name, scenario] of Object.entries(scenarios)) {
  if (!wanted.includes(name)) continue;
  const kit = new Kit(name);
  try {
    results[name] = await scenario(kit);
  } catch (error) {
    results[name] = { crash: String(error instanceof Error ? error.stack : error) };
  }
  await kit.close();
}
console.log(JSON.stringify(results));
