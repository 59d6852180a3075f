package io.sharedinference.chart;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Last writer of each field of an object, from {@code metadata.managedFields}. */
record ManagedFields(List<Map<?, ?>> entries) {

    private static final Pattern OWN = Pattern.compile("helm|pulumi.*|before-first-apply");

    /** Names of programs that reconcile objects; {@code manager} is the default of kubebuilder. */
    private static final Pattern CONTROLLER = Pattern.compile("(?i).*(controller|operator|injector|autoscaler|manager"
            + "|scheduler|webhook|provisioner|kubelet|keda|argocd|flux).*");

    private static final String RESTART = "kubectl-rollout"; // annotates the pod template, which charts do not

    static ManagedFields of(Map<?, ?> object) {
        var entries = Manifest.metadata(object).get("managedFields") instanceof List<?> list ? list : List.of();
        return new ManagedFields(
                entries.stream().<Map<?, ?>>map(entry -> (Map<?, ?>) entry).toList());
    }

    /** Fields that users wrote, as a FieldsV1 tree: {@code f:} before a key, {@code k:} before an element's keys. */
    Map<String, Object> byUsers() {
        return fields(ManagedFields::isUser);
    }

    /** Fields that controllers wrote, as a FieldsV1 tree. */
    Map<String, Object> byControllers() {
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

    /** Whether a controller sets the number of replicas. */
    boolean autoscaled() {
        return entries.stream().anyMatch(entry -> "scale".equals(entry.get("subresource")) && !isUser(entry));
    }

    /** Like {@code kubectl-edit at 2026-01-31T03:12:00Z}: the last user, or the last writer if no user wrote. */
    Optional<String> lastWriter() {
        return entries.stream()
                .filter(entry -> !isStatus(entry))
                .max(Comparator.comparing(ManagedFields::isUser).thenComparing(ManagedFields::time))
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

    /** kubectl, a dashboard, a browser, a script: every manager except controllers and the deployer. */
    private static boolean isUser(Map<?, ?> entry) {
        return !isController(entry)
                && !OWN.matcher(manager(entry)).matches()
                && !manager(entry).equals(RESTART);
    }

    /** In UTC, which sorts as a string; blank if not recorded. */
    private static String time(Map<?, ?> entry) {
        return entry.get("time") instanceof String time ? time : "";
    }
}
