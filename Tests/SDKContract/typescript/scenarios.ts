import { callScenarios } from "./calls.js";
import { securityScenarios } from "./security.js";
import { timeScenarios } from "./time.js";
import { valueScenarios } from "./values.js";
import { wireScenarios } from "./wire.js";
import type { Result } from "./support.js";

/** Every scenario by its name. */
export const allScenarios: { readonly [name: string]: () => Promise<Result> } = {
  ...securityScenarios,
  ...wireScenarios,
  ...timeScenarios,
  ...valueScenarios,
  ...callScenarios,
};
