package io.sharedinference.e2e;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Snapshots of the cluster's objects, without kinds that change by themselves and without terminating namespaces. */
final class ClusterObjects {

    private static final String OBJECT = "{range .items[*]}{.kind} {.metadata.namespace} {.metadata.name}"
            + " {.metadata.uid} {.metadata.resourceVersion} {.metadata.deletionTimestamp}{\"\\n\"}{end}";

    private final Sandbox sandbox;
    private final String kinds;

    ClusterObjects(Sandbox sandbox) {
        this.sandbox = sandbox;
        this.kinds = sandbox.kubectl("api-resources --verbs=list -o name")
                .lines()
                .filter(kind -> !kind.matches("(events|leases|nodes|endpoints|componentstatuses)(\\..*)?"))
                .collect(Collectors.joining(","));
    }

    /** Each object with its UID and resource version. */
    List<String> list() {
        var objects = sandbox.run("kubectl", "get", kinds, "-A", "-o", "jsonpath=" + OBJECT)
                .succeeded()
                .lines()
                .sorted()
                .toList();
        var terminating = objects.stream()
                .filter(object -> object.matches("Namespace  \\S+ \\S+ \\S+ \\S+"))
                .map(namespace -> namespace.split(" ")[2])
                .collect(Collectors.toSet());
        return objects.stream().filter(object -> !isIn(terminating, object)).toList();
    }

    private static boolean isIn(Set<String> namespaces, String object) {
        var words = object.split(" ");
        return namespaces.contains(words[1]) || words[0].equals("Namespace") && namespaces.contains(words[2]);
    }
}
