package io.sharedinference.html;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.sharedinference.tenants.TenantStatus;
import io.sharedinference.usage.Amount;
import io.sharedinference.usage.Dimension;
import io.sharedinference.usage.Entry;
import io.sharedinference.usage.Period;
import io.sharedinference.usage.Usage;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pages as a real browser shows them. Names contain what would run, or would be loaded, if it were not escaped. */
@Tag("slow")
class PagesTest {

    private static final Period PERIOD = Period.days(LocalDate.parse("2026-11-01"), LocalDate.parse("2026-11-14"));

    @TempDir
    private Path directory;

    private final AtomicInteger requests = new AtomicInteger();
    private HttpServer server;

    @BeforeEach
    void aServerThatNobodyAsks() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            requests.incrementAndGet();
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void usagePageRunsAndLoadsNothingForeign() throws IOException {
        var visit = new Browser(directory).visit(usagePage(), "--dump-dom");
        assertEquals(List.of(), visit.console());
        assertTrue(visit.output().contains("<title>Usage of shared inference</title>"), visit.output());
        assertEquals(2, visit.output().split("<canvas", -1).length - 1, visit.output());
        for (var element : List.of("<img", "<iframe", "<link", "src=", "href=")) {
            assertFalse(
                    visit.output()
                            .replaceAll("(?s)<script.*?</script>|&lt;.*?&gt;", "")
                            .contains(element),
                    element);
        }
        assertEquals(0, requests.get());
    }

    @Test
    void usagePageIsDrawnInLightAndDark() throws IOException {
        var page = usagePage();
        var light = screenshot(page, "light.png");
        var dark = screenshot(page, "dark.png", "--force-dark-mode", "--blink-settings=preferredColorScheme=0");
        assertEquals(0xffffff, light.getRGB(2, 2) & 0xffffff);
        assertEquals(0x14171b, dark.getRGB(2, 2) & 0xffffff);
        assertTrue(pixels(light, 0x2f6fdf) > 5_000, "the plot of the largest tenant is missing in light");
        assertTrue(pixels(light, 0xe07b00) > 1_000, "the plot of the second tenant is missing in light");
        assertTrue(pixels(dark, 0x6b9dff) > 5_000, "the plot of the largest tenant is missing in dark");
    }

    @Test
    void usagePagePrints() throws IOException {
        var pdf = directory.resolve("usage.pdf");
        var visit = new Browser(directory).visit(usagePage(), "--print-to-pdf=" + pdf);
        assertEquals(List.of(), visit.console());
        assertTrue(Files.readString(pdf, StandardCharsets.ISO_8859_1).startsWith("%PDF-"));
        assertTrue(Files.size(pdf) > 20_000, "an empty page has a tenth of it: " + Files.size(pdf));
    }

    @Test
    void statusPageShowsWhatTenantsAreCalled() throws IOException {
        var page = Files.writeString(
                directory.resolve("status.html"),
                StatusPage.of(List.of(status("blue", "ok"), status(hostile(), hostile())), Instant.EPOCH));
        var visit = new Browser(directory).visit(page, "--dump-dom");
        assertEquals(List.of(), visit.console());
        assertTrue(visit.output().contains("<td class=\"good\">ok</td>"), visit.output());
        assertTrue(visit.output().contains("<td class=\"bad\">&lt;script&gt;"), visit.output());
        assertFalse(visit.output().contains("<img"), visit.output());
        assertEquals(0, requests.get());
    }

    /** A policy that a browser would apply on its own is no reason to escape less. */
    @Test
    void escapesNames() {
        var html = UsagePage.of(usage());
        assertFalse(html.contains(hostile()));
        assertFalse(html.contains("<img"));
        assertTrue(html.contains("&lt;script&gt;document.title"));
        assertTrue(html.contains("\\u003cscript\\u003edocument.title"));
    }

    private Path usagePage() throws IOException {
        return Files.writeString(directory.resolve("usage.html"), UsagePage.of(usage()));
    }

    private Usage usage() {
        var models = new ArrayList<Entry>();
        for (int tenant = 0; tenant < 12; tenant++) {
            models.add(entry(Map.of(Dimension.TENANT, "tenant" + tenant, Dimension.MODEL, "llama"), 12 - tenant));
        }
        models.add(entry(Map.of(Dimension.TENANT, "tenant0", Dimension.MODEL, hostile()), 9));
        var users = entry(Map.of(Dimension.TENANT, "tenant0", Dimension.MODEL, "llama", Dimension.USER, hostile()), 3);
        return new Usage(PERIOD, models, List.of(users));
    }

    private static Entry entry(Map<Dimension, String> names, int scale) {
        return new Entry(
                names,
                IntStream.range(0, PERIOD.slices())
                        .mapToObj(day -> new Amount(scale * 1_000_000L * (day % 5 + 1), scale * 300_000L, scale))
                        .toList());
    }

    private String hostile() {
        return "<script>document.title='owned'</script></script><!--\"'><img src=http://127.0.0.1:"
                + server.getAddress().getPort() + "/leak onerror=alert(1)>&amp;";
    }

    private static TenantStatus status(String name, String health) {
        return new TenantStatus(
                name,
                name,
                Optional.of(name),
                Optional.empty(),
                Optional.of("pharia-ai 1.0.0"),
                Optional.empty(),
                Optional.of(3),
                health,
                Optional.of(12L),
                Optional.empty());
    }

    private BufferedImage screenshot(Path page, String name, String... options) throws IOException {
        var file = directory.resolve(name);
        var all = Stream.concat(Stream.of(options), Stream.of("--screenshot=" + file, "--window-size=1200,1600"));
        var visit = new Browser(directory).visit(page, all.toArray(String[]::new));
        assertEquals(List.of(), visit.console());
        return ImageIO.read(file.toFile());
    }

    private static long pixels(BufferedImage image, int colour) {
        return IntStream.range(0, image.getWidth() * image.getHeight())
                .filter(at -> (image.getRGB(at % image.getWidth(), at / image.getWidth()) & 0xffffff) == colour)
                .count();
    }
}
