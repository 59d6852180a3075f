package io.sharedinference.chart;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Who wrote which fields of an object last, by the API server's account: {@code metadata.managedFields}. */
record ManagedFields(List<Map<?, ?>> entries) {

    private static final Pattern OWN = Pattern.compile("helm|pulumi.*|before-first-apply");

    /** By what programs that keep objects as they want them are called; {@code manager} is kubebuilder's. */
    private static final Pattern CONTROLLER = Pattern.compile("(?i).*(controller|operator|injector|autoscaler|manager"
            + "|scheduler|webhook|provisioner|kubelet|keda|argocd|flux).*");

    private static final String RESTART = "kubectl-rollout"; // a mark on the pods, which charts don't set

    static ManagedFields of(Map<?, ?> object) {
        var entries = object.get("metadata") instanceof Map<?, ?> metadata
                        && metadata.get("managedFields") instanceof List<?> list
                ? list
                : List.of();
        return new ManagedFields(
                entries.stream().<Map<?, ?>>map(entry -> (Map<?, ?>) entry).toList());
    }

    /** What people wrote, as a tree in the form of FieldsV1: {@code f:} before a key, {@code k:} before an element's keys. */
    Map<String, Object> byHand() {
        return fields(ManagedFields::isHand);
    }

    /** The same of what controllers wrote. */
    Map<String, Object> byController() {
        return fields(ManagedFields::isController);
    }

    private Map<String, Object> fields(Predicate<Map<?, ?>> writer) {
        return entries.stream()
                .filter(entry -> writer.test(entry) && !isStatus(entry))
                .flatMap(
                        entry -> entry.get("fieldsV1") instanceof Map<?, ?> fields ? Stream.of(fields) : Stream.empty())
                .reduce(new LinkedHashMap<>(), ManagedFields::merged, ManagedFields::merged);
    }

    private static Map<String, Object> merged(Map<String, Object> into, Map<?, ?> fields) {
        fields.forEach((key, below) -> {
            var copy = into.get(key) instanceof Map<?, ?> there
                    ? merged(new LinkedHashMap<>(), there)
                    : Map.<String, Object>of();
            into.put(
                    String.valueOf(key),
                    below instanceof Map<?, ?> map ? merged(new LinkedHashMap<>(copy), map) : below);
        });
        return into;
    }

    /** Whether something other than a hand decides on the number of replicas. */
    boolean autoscaled() {
        return entries.stream().anyMatch(entry -> "scale".equals(entry.get("subresource")) && !isHand(entry));
    }

    /** Like {@code kubectl-edit at 2026-01-31T03:12:00Z}: the last hand if there was one, else the last writer of all. */
    Optional<String> lastWriter() {
        return entries.stream()
                .filter(entry -> !isStatus(entry))
                .max(Comparator.comparing(ManagedFields::isHand).thenComparing(ManagedFields::time))
                .map(entry -> manager(entry) + (time(entry).isEmpty() ? "" : " at " + time(entry)));
    }

    private static boolean isStatus(Map<?, ?> entry) {
        return "status".equals(entry.get("subresource"));
    }

    private static String manager(Map<?, ?> entry) {
        return String.valueOf(entry.get("manager"));
    }

    private static boolean isController(Map<?, ?> entry) {
        return CONTROLLER.matcher(manager(entry)).matches();
    }

    /** kubectl, a dashboard, a browser, a script: whatever is neither a controller nor what deploys the chart. */
    private static boolean isHand(Map<?, ?> entry) {
        return !isController(entry)
                && !OWN.matcher(manager(entry)).matches()
                && !manager(entry).equals(RESTART);
    }

    /** In UTC, which sorts as text; blank for some. */
    private static String time(Map<?, ?> entry) {
        return entry.get("time") instanceof String time ? time : "";
    }
}
