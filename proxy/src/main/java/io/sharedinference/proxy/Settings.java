package io.sharedinference.proxy;

import io.sharedinference.proxy.auth.IamSettings;
import io.sharedinference.proxy.auth.RequiredPermissions;
import io.sharedinference.proxy.limits.LimitSettings;
import io.sharedinference.proxy.limits.ModelLimits;
import io.sharedinference.proxy.limits.Quota;
import io.sharedinference.proxy.limits.Quotas;
import io.sharedinference.proxy.relay.Limits;
import io.sharedinference.proxy.relay.RelaySettings;
import io.sharedinference.proxy.relay.RequestRules;
import io.sharedinference.proxy.relay.StrippedCredentials;
import io.sharedinference.proxy.telemetry.TraceStart;
import io.sharedinference.proxy.tls.TrustedCertificates;
import io.sharedinference.proxy.upstream.SecretSource;
import io.sharedinference.proxy.upstream.Transport;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** All settings, from environment variables. */
record Settings(
        IamSettings iam,
        RelaySettings relay,
        TrustedCertificates trust,
        SecretSource secret,
        Transport.Choice transport,
        int opsPort,
        Duration drainDelay,
        Duration drainTimeout) {

    /** All invalid settings. */
    static final class InvalidSettings extends Exception {
        private static final long serialVersionUID = 1;

        InvalidSettings(List<String> problems) {
            super("inference-api-proxy cannot start:\n  " + String.join("\n  ", problems));
        }
    }

    /** Reads environment variables; each setting has a default. */
    static Settings from(Map<String, String> environment) throws InvalidSettings {
        Reader reader = new Reader(environment);
        Settings settings = new Settings(
                iam(reader),
                relay(reader),
                reader.value("CA_FILE", "", Settings::trust),
                SecretSource.of(
                        reader.value("SECRET_DIRECTORY", "/etc/inference-api-proxy/secret", Path::of), environment),
                reader.value("TRANSPORT", "epoll", Settings::transport),
                reader.value("OPS_PORT", "8081", Settings::port),
                reader.duration("DRAIN_DELAY", "5s"),
                reader.duration("DRAIN_TIMEOUT", "60s"));
        reader.check();
        return settings;
    }

    private static IamSettings iam(Reader reader) {
        return new IamSettings(
                reader.value("IAM_URL", "http://pharia-iam", Settings::url),
                reader.value("REQUIRED_PERMISSIONS", "[]", RequiredPermissions::parse),
                reader.duration("ALLOW_TTL", "10s"),
                reader.duration("DENY_TTL", "2s"),
                reader.duration("IAM_TIMEOUT", "5s"),
                reader.value("AUTH_CACHE_SIZE", "50000", Settings::count));
    }

    private static RelaySettings relay(Reader reader) {
        return new RelaySettings(
                reader.value(reader.contains("API_PORT") ? "API_PORT" : "PORT", "8080", Settings::port),
                reader.duration("CONNECT_TIMEOUT", "5s"),
                reader.duration("CONNECTION_MAX_AGE", "30s"),
                reader.duration("HEAD_TIMEOUT", "10s"),
                reader.duration("FIRST_BYTE_TIMEOUT", "300s"),
                reader.duration("IDLE_TIMEOUT", "120s"),
                reader.duration("EVENT_KEEP_ALIVE", "0s"),
                limits(reader),
                quotas(reader),
                requestRules(reader),
                reader.value("ACCESS_LOG", "true", Settings::bool),
                reader.value("USER_METRICS", "false", Settings::bool),
                streamUsageBody(reader));
    }

    private static Limits limits(Reader reader) {
        return new Limits(
                reader.value("MAX_HEAD", "65536", Settings::headerSize),
                reader.value("MAX_TOKEN", "8192", Settings::tokenSize),
                reader.value("MAX_BODY", "1073741824", Settings::size),
                reader.value("MAX_CONNECTIONS", "20000", Settings::count),
                reader.value("MIN_BODY_RATE", "100", Settings::rate),
                reader.duration("BODY_RATE_PERIOD", "30s"),
                reader.value("MEMORY_LIMIT", "", Settings::memory));
    }

    private static RequestRules requestRules(Reader reader) {
        return new RequestRules(
                reader.value("START_TRACES", "never", Settings::traceStart),
                reader.value("CORS_PREFLIGHTS", "forward", Settings::forwarded),
                new StrippedCredentials(
                        reader.value("STRIP_HEADERS", "", StrippedCredentials::headers),
                        reader.value("STRIP_QUERY_PARAMETERS", "", StrippedCredentials::parameters)));
    }

    private static LimitSettings quotas(Reader reader) {
        Quota tenant = new Quota(
                quota(reader, "MAX_REQUESTS"),
                quota(reader, "REQUESTS_PER_MINUTE"),
                quota(reader, "TOKENS_PER_MINUTE"));
        Quota user = new Quota(
                quota(reader, "MAX_USER_REQUESTS"),
                quota(reader, "USER_REQUESTS_PER_MINUTE"),
                quota(reader, "USER_TOKENS_PER_MINUTE"));
        return new LimitSettings(
                new Quotas(tenant, user),
                reader.value("MODEL_LIMITS", "", ModelLimits::parse),
                reader.duration("QUEUE_TIMEOUT", "0s"));
    }

    private static long quota(Reader reader, String name) {
        return reader.value(name, "0", text -> {
            if (!text.matches("\\d{0,12}")) {
                throw new IllegalArgumentException("must be a whole number, 0 for no limit");
            }
            return text.isEmpty() ? 0 : Long.parseLong(text);
        });
    }

    private static OptionalInt streamUsageBody(Reader reader) {
        int most = reader.value("STREAM_USAGE_MAX_BODY", "1048576", Settings::count);
        return reader.value("STREAM_USAGE", "false", Settings::bool) ? OptionalInt.of(most) : OptionalInt.empty();
    }

    private static TraceStart traceStart(String text) {
        return switch (text) {
            case "sampled" -> TraceStart.SAMPLED;
            case "unsampled" -> TraceStart.UNSAMPLED;
            case "never" -> TraceStart.NEVER;
            default -> throw new IllegalArgumentException("must be sampled, unsampled or never");
        };
    }

    private static Transport.Choice transport(String text) {
        return switch (text) {
            case "epoll" -> Transport.Choice.EPOLL;
            case "io_uring" -> Transport.Choice.IO_URING;
            default -> throw new IllegalArgumentException("must be epoll or io_uring");
        };
    }

    private static boolean forwarded(String text) {
        if (!text.equals("forward") && !text.equals("authenticate")) {
            throw new IllegalArgumentException("must be forward or authenticate");
        }
        return text.equals("forward");
    }

    private static boolean bool(String text) {
        if (!text.equals("true") && !text.equals("false")) {
            throw new IllegalArgumentException("must be true or false");
        }
        return text.equals("true");
    }

    private static TrustedCertificates trust(String file) {
        return file.isEmpty() ? TrustedCertificates.platform() : TrustedCertificates.with(Path.of(file));
    }

    private static URI url(String text) {
        try {
            URI url = new URI(text);
            if (url.getHost() == null || !List.of("http", "https").contains(url.getScheme())) {
                throw new IllegalArgumentException("must be the URL of the tenant's IAM, like http://pharia-iam or"
                        + " https://pharia-iam.example.com");
            }
            return url;
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("is not a URL: " + e.getReason(), e);
        }
    }

    private static int port(String text) {
        if (!text.matches("\\d{1,5}") || Integer.parseInt(text) > 65_535) {
            throw new IllegalArgumentException("must be a port, 0 to 65535");
        }
        return Integer.parseInt(text);
    }

    private static int count(String text) {
        if (!text.matches("[1-9]\\d{0,8}")) {
            throw new IllegalArgumentException("must be a whole number, 1 to 999999999");
        }
        return Integer.parseInt(text);
    }

    /** Smaller values reject common requests; larger header sections would be copied too often. */
    private static int headerSize(String text) {
        if (!text.matches("\\d{4,5}") || Integer.parseInt(text) < 1_024 || Integer.parseInt(text) > 65_536) {
            throw new IllegalArgumentException("must be a number of bytes, 1024 to 65536");
        }
        return Integer.parseInt(text);
    }

    private static int tokenSize(String text) {
        if (!text.matches("\\d{2,5}") || Integer.parseInt(text) > 65_536) {
            throw new IllegalArgumentException("must be a number of bytes, 10 to 65536");
        }
        return Integer.parseInt(text);
    }

    private static OptionalLong memory(String text) {
        return text.isEmpty() ? OptionalLong.empty() : OptionalLong.of(size(text));
    }

    private static long size(String text) {
        if (!text.matches("[1-9]\\d{0,14}")) {
            throw new IllegalArgumentException("must be a number of bytes, 1 to 999999999999999");
        }
        return Long.parseLong(text);
    }

    private static long rate(String text) {
        if (!text.matches("\\d{1,9}")) {
            throw new IllegalArgumentException("must be a number of bytes per second, 0 for no minimum");
        }
        return Long.parseLong(text);
    }

    private static final class Reader {
        private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m)");

        private final Map<String, String> environment;
        private final List<String> problems = new ArrayList<>();

        Reader(Map<String, String> environment) {
            this.environment = environment;
        }

        boolean contains(String name) {
            return environment.containsKey(name);
        }

        Duration duration(String name, String defaultValue) {
            return value(name, defaultValue, Reader::parseDuration);
        }

        <T> T value(String name, String defaultValue, Function<String, T> parse) {
            String text = Optional.ofNullable(environment.get(name)).orElse(defaultValue);
            try {
                return parse.apply(text);
            } catch (IllegalArgumentException e) {
                problems.add(name + "=" + text + " " + e.getMessage());
                return parse.apply(defaultValue);
            }
        }

        void check() throws InvalidSettings {
            if (!problems.isEmpty()) {
                throw new InvalidSettings(problems);
            }
        }

        private static Duration parseDuration(String text) {
            Matcher match = DURATION.matcher(text);
            if (!match.matches()) {
                throw new IllegalArgumentException("must be a duration like 500ms, 10s or 2m");
            }
            long count = Long.parseLong(match.group(1));
            return switch (match.group(2)) {
                case "ms" -> Duration.ofMillis(count);
                case "s" -> Duration.ofSeconds(count);
                default -> Duration.ofMinutes(count);
            };
        }
    }
}
