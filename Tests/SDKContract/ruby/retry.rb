# frozen_string_literal: true

Scenario.define("retry.throttled") do
  { attempt: gateway.retry_get(plan: "throttled").attempt, attempts: attempts, waits: waits }
end
Scenario.define("retry.throttled-post") do
  { attempt: gateway.retry_post(plan: "throttled").attempt, attempts: attempts, waits: waits }
end
Scenario.define("retry.flaky") do
  { attempt: gateway.retry_get(plan: "flaky").attempt, attempts: attempts, waits: waits }
end
Scenario.define("retry.flaky-post") { recorded(:attempts, :waits) { gateway.retry_post(plan: "flaky") } }
Scenario.define("retry.flaky-post-key") do
  answer = gateway.retry_post(plan: "flaky", options: { idempotency_key: "key-1" })
  { attempt: answer.attempt, idempotencyKey: answer.idempotency_key, attempts: attempts, waits: waits }
end
Scenario.define("retry.exhausted") { recorded(:attempts, :waits) { gateway.retry_get(plan: "dead") } }
Scenario.define("retry.never") { recorded(:attempts, :waits) { gateway(max_retries: 0).retry_get(plan: "dead") } }
Scenario.define("retry.longest-wait") do
  error { gateway(max_retries: 9).retry_get(plan: "dead") }
  waits
end
Scenario.define("retry.patient") { recorded(:attempts, :waits) { gateway.retry_get(plan: "patient") } }
Scenario.define("retry.past-deadline") do
  recorded(:attempts, :waits) { gateway(deadline: 1).retry_get(plan: "throttled") }
end
Scenario.define("retry.date") do
  echo("/date").call_query
  { attempts: attempts, waited: waits.size == 1 && (7_000..10_000).cover?(waits.first) }
end
Scenario.define("retry.refused") { recorded(:attempts, :waits) { refused.retry_get(plan: "x") } }
Scenario.define("retry.refused-post") { recorded(:attempts, :waits) { refused.retry_post(plan: "x") } }
Scenario.define("retry.broken") { { method: echo("/broken").call_query.method_, attempts: attempts } }
Scenario.define("retry.truncated") { recorded(:attempts) { echo("/truncated").call_query } }
Scenario.define("retry.hooks") do
  before = []
  durations = []
  client = gateway(
    before_attempt: lambda do |attempt|
      before << attempt.number
      attempt.headers["X-Hook"] = "attempt-#{attempt.number}"
    end,
    after_attempt: lambda do |attempt|
      attempts << attempt.status
      durations << attempt.duration
    end
  )
  answer = client.retry_get(plan: "flaky")
  { hook: answer.hook, before: before, after: attempts, durations: durations.all? { |seconds| seconds >= 0 } }
end

def elapsed
  start = Process.clock_gettime(Process::CLOCK_MONOTONIC)
  yield
  Process.clock_gettime(Process::CLOCK_MONOTONIC) - start
end

Scenario.define("time.attempt") do
  recorded(:attempts, :waits) { silent(timeout: 0.2, max_retries: 1).retry_get(plan: "x") }
end
Scenario.define("time.slow-body") do
  recorded(:attempts) { echo("/slow", timeout: 0.3, max_retries: 0).call_query }
end
Scenario.define("time.deadline") do
  result = nil
  seconds = elapsed { result = recorded(:attempts) { silent(deadline: 0.3).retry_get(plan: "x") } }
  result.merge(quick: seconds < 5)
end
Scenario.define("time.cancel") do
  returned = false
  seconds = elapsed do
    thread = Thread.new do
      silent.retry_get(plan: "x")
      returned = true
    end
    sleep(0.1)
    thread.kill
    thread.join
  end
  { cancelled: !returned, waits: waits, quick: seconds < 5 }
end

Scenario.define("paging.items") { gateway.list_things_items.map(&:id) }
Scenario.define("paging.pages") { gateway.list_things_pages(limit: 2).map { |page| page.things.size } }
Scenario.define("paging.lazy") { { id: gateway.list_things_items.first.id, attempts: attempts } }
Scenario.define("paging.loop") { error { gateway.list_things_items(mode: "loop").to_a } }
Scenario.define("paging.resume") { gateway.list_things_items(token: "page 2&more").map(&:id) }
