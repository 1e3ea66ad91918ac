// retry.*, time.* and paging.*
import type { ClientOptions } from "contract";
import { echo, failure, gateway, orNull, recorded, repeatable, variable, type Recorded, type Result } from "./support.js";

const refused = (): Recorded => recorded(variable("CONTRACT_REFUSED_URL"));
const silent = (options: ClientOptions): Recorded => recorded(variable("CONTRACT_SILENT_URL"), options);

async function failed({ client, attempts, waits }: Recorded, plan: string): Promise<{ [name: string]: Result }> {
  return { result: await failure(() => client.retryGet({ plan })), attempts, waits };
}

export const timeScenarios: { readonly [name: string]: () => Promise<Result> } = {
  "retry.throttled": async () => {
    const { client, attempts, waits } = gateway();
    const { attempt } = await client.retryGet({ plan: "throttled" });
    return { attempt, attempts, waits };
  },
  "retry.throttled-post": async () => {
    const { client, attempts, waits } = gateway();
    const { attempt } = await client.retryPost({ plan: "throttled" });
    return { attempt, attempts, waits };
  },
  "retry.flaky": async () => {
    const { client, attempts, waits } = gateway();
    const { attempt } = await client.retryGet({ plan: "flaky" });
    return { attempt, attempts, waits };
  },
  "retry.flaky-post": async () => {
    const { client, attempts, waits } = gateway();
    return { result: await failure(() => client.retryPost({ plan: "flaky" })), attempts, waits };
  },
  "retry.flaky-post-key": async () => {
    const { client, attempts, waits } = gateway();
    const { attempt, idempotencyKey } = await client.retryPost({ plan: "flaky" }, repeatable("key-1"));
    return { attempt, idempotencyKey: orNull(idempotencyKey), attempts, waits };
  },
  "retry.exhausted": () => failed(gateway(), "dead"),
  "retry.never": () => failed(gateway({ maxRetries: 0 }), "dead"),
  "retry.longest-wait": async () => {
    const recording = gateway({ maxRetries: 9 });
    await failed(recording, "dead");
    return recording.waits;
  },
  "retry.patient": () => failed(gateway(), "patient"),
  "retry.past-deadline": () => failed(gateway({ deadlineMs: 1000 }), "throttled"),
  "retry.date": async () => {
    const { client, attempts, waits } = echo({}, "/date");
    await client.callQuery();
    const [wait = 0] = waits;
    return { attempts, waited: waits.length === 1 && wait >= 7000 && wait <= 10_000 };
  },
  "retry.refused": () => failed(refused(), "x"),
  "retry.refused-post": async () => {
    const { client, attempts, waits } = refused();
    return { result: await failure(() => client.retryPost({ plan: "x" })), attempts, waits };
  },
  "retry.broken": async () => {
    const { client, attempts } = echo({}, "/broken");
    const { method } = await client.callQuery();
    return { method, attempts };
  },
  "retry.truncated": async () => {
    const { client, attempts } = echo({}, "/truncated");
    return { result: await failure(() => client.callQuery()), attempts };
  },
  "retry.hooks": async () => {
    const before: number[] = [];
    const after: Result[] = [];
    const durations: number[] = [];
    const { client } = gateway({
      hooks: {
        beforeAttempt: ({ attempt, headers }) => {
          before.push(attempt);
          headers.set("X-Hook", `attempt-${attempt}`);
        },
        afterAttempt: ({ status, durationMs }) => {
          after.push(orNull(status));
          durations.push(durationMs);
        },
      },
    });
    const { hook } = await client.retryGet({ plan: "flaky" });
    return { hook: orNull(hook), before, after, durations: durations.every((duration) => duration >= 0) };
  },

  "time.attempt": () => failed(silent({ timeoutMs: 200, maxRetries: 1 }), "x"),
  "time.slow-body": async () => {
    const { client, attempts } = echo({ timeoutMs: 300, maxRetries: 0 }, "/slow");
    return { result: await failure(() => client.callQuery()), attempts };
  },
  "time.deadline": async () => {
    const started = Date.now();
    const { result, attempts } = await failed(silent({ deadlineMs: 300 }), "x");
    return { result: orNull(result), attempts: orNull(attempts), quick: Date.now() - started < 5000 };
  },
  "time.cancel": async () => {
    const started = Date.now();
    const { client, waits } = silent({});
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 100);
    let cancelled = false;
    try {
      await client.retryGet({ plan: "x" }, { signal: controller.signal });
    } catch (error) {
      cancelled = error === controller.signal.reason && (error as DOMException).name === "AbortError";
    }
    return { cancelled, waits, quick: Date.now() - started < 5000 };
  },

  "paging.items": async () => {
    const ids: string[] = [];
    for await (const { id } of gateway().client.paginateListThings()) ids.push(id);
    return ids;
  },
  "paging.pages": async () => {
    const sizes: number[] = [];
    for await (const { things } of gateway().client.paginateListThings({ limit: 2 }).pages()) sizes.push(things.length);
    return sizes;
  },
  "paging.lazy": async () => {
    const { client, attempts } = gateway();
    for await (const { id } of client.paginateListThings()) return { id, attempts };
    return null;
  },
  "paging.loop": () =>
    failure(async () => {
      let count = 0;
      for await (const { id } of gateway().client.paginateListThings({ mode: "loop" })) count += id.length;
      return count;
    }),
  "paging.resume": async () => {
    const ids: string[] = [];
    for await (const { id } of gateway().client.paginateListThings({ token: "page 2&more" })) ids.push(id);
    return ids;
  },
};
