package io.sharedinference.project;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/** Validation of names, URLs and networks. */
final class Rules {

    static final String LABEL_RULE =
            "must be a DNS label: at most 63 characters, lowercase letters, digits or '-', starting and ending with a letter or digit";
    static final String URL_RULE = "must be an http(s) URL with a host, without user info, query or fragment";
    static final String VALUE_PATH_RULE = "must be a dot-separated path in the chart's values";

    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
    private static final Pattern PATH = Pattern.compile("[^.\\s]+(\\.[^.\\s]+)*");
    private static final Pattern REPOSITORY =
            Pattern.compile("[A-Za-z0-9][-A-Za-z0-9.]*(:[0-9]{1,5})?(/[a-z0-9]+([._-]+[a-z0-9]+)*)+");
    private static final Pattern IMAGE = Pattern.compile(REPOSITORY + "(:\\w[-.\\w]{0,127})?(@sha256:[0-9a-f]{64})?");
    private static final Pattern IPV4 = Pattern.compile("(?:(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])(\\.(?!$)|$)){4}");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");
    private static final Pattern LABEL_KEY =
            Pattern.compile("([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?");
    private static final Pattern LABEL_VALUE = Pattern.compile("([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?");

    private Rules() {}

    static boolean isLabel(String text) {
        return LABEL.matcher(text).matches();
    }

    /** Whether every cluster has this namespace or Kubernetes reserves it. */
    static boolean isSystemNamespace(String namespace) {
        return namespace.equals("default") || namespace.startsWith("kube-");
    }

    static boolean isDomain(String text) {
        return text.length() <= 230 && Arrays.stream(text.split("\\.", -1)).allMatch(Rules::isLabel);
    }

    /** Dot-separated keys into Helm values. */
    static boolean isValuePath(String text) {
        return PATH.matcher(text).matches();
    }

    /** {@code registry/repository} without tag and digest. */
    static boolean isImageRepository(String text) {
        return REPOSITORY.matcher(text).matches();
    }

    /** {@code registry/repository[:tag][@digest]}. */
    static boolean isImage(String text) {
        return IMAGE.matcher(text).matches();
    }

    static boolean isPodLabel(String key, String value) {
        return LABEL_KEY.matcher(key).matches() && LABEL_VALUE.matcher(value).matches();
    }

    /** The URL without trailing slashes, so that paths can be appended. */
    static Optional<URI> url(String text) {
        try {
            var uri = new URI(text.replaceAll("/+$", ""));
            var http = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
            var plain = uri.getRawUserInfo() == null && uri.getRawQuery() == null && uri.getRawFragment() == null;
            return http && plain && uri.getHost() != null && uri.getPort() <= 65535
                    ? Optional.of(uri)
                    : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    static boolean isCidr(String text) {
        var parts = text.split("/", -1);
        if (parts.length != 2 || !parts[1].matches("[0-9]{1,3}")) {
            return false;
        }
        return address(parts[0])
                .filter(address -> Integer.parseInt(parts[1]) <= address.length * 8)
                .isPresent();
    }

    private static Optional<byte[]> address(String text) {
        if (!IPV4.matcher(text).matches() && !IPV6.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(text).getAddress()); // a literal, so no DNS lookup
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }
}
