import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import portico.contract.ContractClient;
import portico.contract.model.CallAnyRequest;
import portico.contract.model.CallHeadersRequest;
import portico.contract.model.CallQueryRequest;
import portico.contract.model.Color;
import portico.contract.model.DownloadRequest;
import portico.contract.model.Echo;
import portico.contract.runtime.Body;
import portico.contract.runtime.CallOptions;
import portico.contract.runtime.Response;

/** What is on the wire. */
final class WireScenarios {
    private static final LocalDate DAY = LocalDate.of(2024, 2, 29);
    private static final CallOptions KEY = CallOptions.builder().idempotencyKey("k").build();

    private WireScenarios() {}

    static void addTo(Map<String, Kit.Scenario> scenarios) {
        scenarios.put("wire.path",
            kit -> kit.echo().callPath("a b/c%\u00fc~.-_!*'()", "x/y z/%/\u00fc?#").target());
        scenarios.put("wire.path-empty", kit -> List.of(
            Kit.failure(() -> kit.echo().callPath("", "x")), Kit.failure(() -> kit.echo().callPath("x", ""))));
        scenarios.put("wire.path-typed",
            kit -> kit.echo().callTypedPath(Long.MAX_VALUE, DAY, Color.DARK_BLUE).target());
        scenarios.put("wire.base-slash", kit -> kit.builder(Kit.ECHO + "/").build().callPath("a", "b").target());
        scenarios.put("wire.query", kit -> kit.echo().callQuery(
            CallQueryRequest.builder().text("a b+c&d=e/f?\u00fc'()*!~").flag(false).count(-1L).ratio(0.5)
                .when(Instant.parse("2024-02-29T23:59:59.5Z")).day(DAY).color(Color.DARK_BLUE)
                .tags(List.of("a", "b&c", "")).commas(List.of("a", "b c")).blanks(List.of("a", "b"))
                .pipes(List.of(1, 2)).filterName("x").build()).target());
        scenarios.put("wire.query-none", kit -> kit.echo().callQuery().target());
        scenarios.put("wire.query-empty", kit -> kit.echo()
            .callQuery(CallQueryRequest.builder().text("").tags(List.of()).commas(List.of()).build()).target());
        scenarios.put("wire.headers", kit -> {
            Echo echo = kit.echo().callHeaders(CallHeadersRequest.builder().xRequired("a  b").xFlag(true)
                .xCount(Long.MIN_VALUE).xTags(List.of("a", "b c")).build());
            return Kit.map("required", Kit.header(echo, "x-required"), "flag", Kit.header(echo, "x-flag"), "count",
                Kit.header(echo, "x-count"), "tags", Kit.header(echo, "x-tags"));
        });
        scenarios.put("wire.header-break", kit -> List.of(
            Kit.failure(() -> kit.echo().callHeaders("a\r\nX-Evil: 1")),
            Kit.failure(() -> kit.echo().callHeaders("a\nb"))));
        scenarios.put("wire.any", kit -> {
            ContractClient client = kit.echo();
            Echo first = client.callAny("PATCH", CallAnyRequest.builder().id("x").body(Kit.thing("y")).build());
            return List.of(any(first), any(client.callAny("DELETE", "x")));
        });
        scenarios.put("wire.user-agent", kit -> Kit.header(kit.echo().callQuery(), "user-agent"));
        scenarios.put("wire.accept", kit -> {
            ContractClient client = kit.echo();
            return List.of(accept(client.raw().callQuery()), accept(client.raw().echoText("x")),
                accept(client.raw().download(1)));
        });
        scenarios.put("wire.text",
            kit -> kit.gateway().echoText("Gr\u00fc\u00dfe\n\"quoted\" \\ \ud83d\ude00"));
        scenarios.put("wire.upload", kit -> {
            byte[] bytes = new byte[256];
            for (int index = 0; index < bytes.length; index++) {
                bytes[index] = (byte) index;
            }
            return kit.gateway().uploadBytes(Body.of(bytes)).data();
        });
        scenarios.put("wire.upload-stream", WireScenarios::uploadStream);
        scenarios.put("wire.upload-retried", kit -> {
            Echo echo = kit.builder(Kit.ECHO + "/flaky").build().with(KEY).streamBytes(Body.of(new byte[] {1, 2, 3}));
            return Kit.map("body", echo.body(), "attempts", kit.attempts);
        });
        scenarios.put("wire.upload-stream-not-retried", kit -> {
            ContractClient client = kit.builder(Kit.ECHO + "/flaky").build().with(KEY);
            InputStream once = new ByteArrayInputStream(new byte[] {1, 2, 3});
            return Kit.map("result", Kit.failure(() -> client.streamBytes(Body.of(once))), "attempts", kit.attempts);
        });
        scenarios.put("wire.download", kit -> Kit.base64(kit.echo().download(256)));
        scenarios.put("wire.download-stream", WireScenarios::downloadStream);
        scenarios.put("wire.download-error",
            kit -> Kit.failure(() -> kit.builder(Kit.GATEWAY + "/nothing").build().downloadStream(1)));
        scenarios.put("wire.download-broken", kit -> {
            InputStream stream = kit.builder(Kit.ECHO + "/truncated").build().downloadStream(1000);
            int[] count = {0};
            Object result = Kit.failure(() -> {
                while (stream.read() >= 0) {
                    count[0]++;
                }
                return null;
            });
            return count[0] == 500 ? result : Kit.map("error", "after " + count[0] + " bytes");
        });
    }

    private static Object any(Echo echo) {
        return Kit.map("method", echo.method(), "type", Kit.header(echo, "content-type"), "wire", Kit.sent(echo));
    }

    private static String accept(Response<?> response) {
        return response.headers().firstValue("x-contract-accept").orElse(null);
    }

    private static Object uploadStream(Kit kit) {
        List<InputStream> pieces = new ArrayList<>();
        byte[] wanted = new byte[4 * 65_536];
        for (int piece = 0; piece < 4; piece++) {
            byte[] bytes = new byte[65_536];
            Arrays.fill(bytes, (byte) piece);
            System.arraycopy(bytes, 0, wanted, piece * bytes.length, bytes.length);
            pieces.add(new ByteArrayInputStream(bytes));
        }
        Echo echo = kit.echo().streamBytes(Body.of(new SequenceInputStream(Collections.enumeration(pieces))));
        return Kit.map("size", echo.body().size(), "same", Arrays.equals(echo.body().toByteArray(), wanted), "encoding",
            Kit.header(echo, "transfer-encoding"), "type", Kit.header(echo, "content-type"));
    }

    private static Object downloadStream(Kit kit) throws Exception {
        ContractClient client = kit.echo();
        try (InputStream stream = client.downloadStream(
            DownloadRequest.builder().size(1_000_000).hold("gate").build())) {
            byte[] first = stream.readNBytes(1000);
            client.openGate("gate");
            byte[] rest = stream.readAllBytes();
            long sum = 0;
            for (byte next : first) {
                sum += next & 255;
            }
            for (byte next : rest) {
                sum += next & 255;
            }
            return Kit.map("size", first.length + rest.length, "sum", sum);
        }
    }
}
