import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import portico.contract.ContractClient;
import portico.contract.model.Attempt;
import portico.contract.model.Echo;
import portico.contract.runtime.CallOptions;

/** Trying again, and the time that it takes. */
final class RetryScenarios {
    private static final Duration DAY_OF_A_FLY = Duration.ofSeconds(5);

    private RetryScenarios() {}

    static void addTo(Map<String, Kit.Scenario> scenarios) {
        scenarios.put("retry.throttled", kit -> succeeded(kit, kit.gateway().retryGet("throttled")));
        scenarios.put("retry.throttled-post", kit -> succeeded(kit, kit.gateway().retryPost("throttled")));
        scenarios.put("retry.flaky", kit -> succeeded(kit, kit.gateway().retryGet("flaky")));
        scenarios.put("retry.flaky-post", kit -> failed(kit, Kit.failure(() -> kit.gateway().retryPost("flaky"))));
        scenarios.put("retry.flaky-post-key", kit -> {
            CallOptions key = CallOptions.builder().idempotencyKey("key-1").build();
            Attempt attempt = kit.gateway().with(key).retryPost("flaky");
            return Kit.map("attempt", attempt.attempt(), "idempotencyKey", attempt.idempotencyKey().orElse(null),
                "attempts", kit.attempts, "waits", kit.waits);
        });
        scenarios.put("retry.exhausted", kit -> failed(kit, Kit.failure(() -> kit.gateway().retryGet("dead"))));
        scenarios.put("retry.never", kit -> failed(kit,
            Kit.failure(() -> kit.builder(Kit.GATEWAY).maxRetries(0).build().retryGet("dead"))));
        scenarios.put("retry.longest-wait", kit -> {
            Kit.failure(() -> kit.builder(Kit.GATEWAY).maxRetries(9).build().retryGet("dead"));
            return kit.waits;
        });
        scenarios.put("retry.patient", kit -> failed(kit, Kit.failure(() -> kit.gateway().retryGet("patient"))));
        scenarios.put("retry.past-deadline", kit -> failed(kit, Kit.failure(
            () -> kit.builder(Kit.GATEWAY).deadline(Duration.ofSeconds(1)).build().retryGet("throttled"))));
        scenarios.put("retry.date", kit -> {
            kit.builder(Kit.ECHO + "/date").build().callQuery();
            long wait = kit.waits.size() == 1 ? (long) kit.waits.get(0) : -1;
            return Kit.map("attempts", kit.attempts, "waited", wait >= 7_000 && wait <= 10_000);
        });
        scenarios.put("retry.refused",
            kit -> failed(kit, Kit.failure(() -> kit.builder(Kit.REFUSED).build().retryGet("x"))));
        scenarios.put("retry.refused-post",
            kit -> failed(kit, Kit.failure(() -> kit.builder(Kit.REFUSED).build().retryPost("x"))));
        scenarios.put("retry.broken", kit -> {
            Echo echo = kit.builder(Kit.ECHO + "/broken").build().callQuery();
            return Kit.map("method", echo.method(), "attempts", kit.attempts);
        });
        scenarios.put("retry.truncated", kit -> Kit.map("result",
            Kit.failure(() -> kit.builder(Kit.ECHO + "/truncated").build().callQuery()), "attempts", kit.attempts));
        scenarios.put("retry.hooks", RetryScenarios::hooks);
        scenarios.put("time.attempt", kit -> failed(kit, Kit.failure(() -> kit.builder(Kit.SILENT)
            .attemptTimeout(Duration.ofMillis(200)).maxRetries(1).build().retryGet("x"))));
        scenarios.put("time.slow-body", kit -> Kit.map("result", Kit.failure(() -> kit.builder(Kit.ECHO + "/slow")
            .attemptTimeout(Duration.ofMillis(300)).maxRetries(0).build().callQuery()), "attempts", kit.attempts));
        scenarios.put("time.deadline", kit -> {
            long start = System.nanoTime();
            Object result = Kit.failure(
                () -> kit.builder(Kit.SILENT).deadline(Duration.ofMillis(300)).build().retryGet("x"));
            return Kit.map("result", result, "attempts", kit.attempts, "quick", isQuick(start));
        });
        scenarios.put("time.cancel", RetryScenarios::cancel);
    }

    private static Object succeeded(Kit kit, Attempt attempt) {
        return Kit.map("attempt", attempt.attempt(), "attempts", kit.attempts, "waits", kit.waits);
    }

    private static Object failed(Kit kit, Object result) {
        return Kit.map("result", result, "attempts", kit.attempts, "waits", kit.waits);
    }

    private static boolean isQuick(long start) {
        return System.nanoTime() - start < DAY_OF_A_FLY.toNanos();
    }

    private static Object hooks(Kit kit) {
        List<Object> before = new ArrayList<>();
        Attempt attempt = kit.builder(Kit.GATEWAY).beforeAttempt(next -> {
            before.add(next.number());
            next.setHeader("X-Hook", "attempt-" + next.number());
        }).build().retryGet("flaky");
        return Kit.map("hook", attempt.hook().orElse(null), "before", before, "after", kit.attempts, "durations",
            !kit.durations.contains(false));
    }

    /** Both ways: a future that is cancelled, and a thread that is interrupted. */
    private static Object cancel(Kit kit) throws InterruptedException {
        long start = System.nanoTime();
        ContractClient client = kit.builder(Kit.SILENT).build();
        CompletableFuture<Attempt> future = client.retryGetAsync("x");
        Thread.sleep(100);
        future.cancel(true);
        Thread caller = Thread.currentThread();
        Thread interrupter = new Thread(() -> {
            try {
                Thread.sleep(100);
            } catch (InterruptedException impossible) {
                throw new IllegalStateException(impossible);
            }
            caller.interrupt();
        });
        interrupter.start();
        boolean isCancelled = false;
        try {
            client.retryGet("x");
        } catch (CancellationException cancelled) {
            isCancelled = Thread.interrupted();
        }
        interrupter.join();
        return Kit.map("cancelled", isCancelled && future.isCancelled(), "waits", kit.waits, "quick", isQuick(start));
    }
}
