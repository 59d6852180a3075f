package io.sharedinference.review;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharedinference.chart.ObjectDiff;
import io.sharedinference.chart.RenderedDiff;
import io.sharedinference.golden.Golden;
import io.sharedinference.review.Review.Purpose;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Comments for every kind of review; PullRequestIT has those of real previews. */
class MarkdownTest {

    private static final String RELEASE = "kubernetes:helm.sh/v3:Release";

    record Case(String file, Review review) {
        @Override
        public String toString() {
            return file;
        }
    }

    static Stream<Case> cases() {
        return Stream.of(
                new Case(
                        "no-change",
                        review(
                                new EngineEvents()
                                        .step("same", RELEASE, "tenant-release")
                                        .outputs("{\"namespace\": \"tenant1\"}", "{\"namespace\": \"tenant1\"}"),
                                nothing())),
                new Case(
                        "values-change",
                        review(
                                new EngineEvents()
                                        .step("same", "kubernetes:core/v1:Namespace", "tenant-namespace")
                                        .step("update", RELEASE, "tenant-release", """
                                "old": {"inputs": {"values": {"inference-api-proxy": {"replicas": 1}, "note": "as it was"}}},
                                "new": {"inputs": {"values": {"inference-api-proxy": {"replicas": 2}, "domains": ["a", "b"]}}},
                                "detailedDiff": {
                                  "values[\\"inference-api-proxy\\"].replicas": {"diffKind": "update", "inputDiff": true},
                                  "values.note": {"diffKind": "delete", "inputDiff": true},
                                  "values.domains": {"diffKind": "add", "inputDiff": true}}"""),
                                replicas())),
                new Case(
                        "new-tenant",
                        review(
                                new EngineEvents()
                                        .step("create", "pulumi:providers:kubernetes", "cluster")
                                        .step("create", "kubernetes:core/v1:Namespace", "tenant-namespace")
                                        .step(
                                                "create",
                                                "kubernetes:core/v1:Secret",
                                                "tenant-inference-api-proxy-secret")
                                        .step("create", RELEASE, "tenant-release")
                                        .outputs("{}", """
                                {"namespace": "tenant2", "proxyImage": "registry.example/proxy:src-1@sha256:aaa",
                                 "tokenFingerprint": "0123456789abcdef"}"""),
                                Optional.of(new RenderedDiff(
                                        List.of(
                                                new ObjectDiff(
                                                        ObjectDiff.Kind.ADDED,
                                                        "Service tenant2/inference-api",
                                                        "+apiVersion: v1\n+kind: Service\n+metadata:\n+  name: inference-api\n")),
                                        List.of())))),
                new Case(
                        "removed-tenant",
                        collected(
                                Purpose.REMOVAL,
                                new EngineEvents()
                                        .step("delete", RELEASE, "tenant-release", "\"old\": {\"protect\": true}")
                                        .step(
                                                "delete",
                                                "kubernetes:core/v1:Namespace",
                                                "tenant-namespace",
                                                "\"old\": {}"),
                                nothing())),
                new Case(
                        "removed-service-user",
                        review(
                                new EngineEvents()
                                        .step("update", RELEASE, "shared-release", """
                                "old": {"inputs": {"values": {"pharia-iam": {"config": {"serviceUsers": {"tenant2": {"name": "tenant2"}}}}}}},
                                "new": {"inputs": {"values": {"pharia-iam": {"config": {"serviceUsers": {}}}}}},
                                "detailedDiff": {"values[\\"pharia-iam\\"].config.serviceUsers.tenant2": {"diffKind": "delete"}}""")
                                        .outputs("{\"token-tenant2\": \"[secret]\"}", "{}"),
                                nothing())),
                new Case(
                        "changed-proxy",
                        review(
                                new EngineEvents()
                                        .step("update", RELEASE, "tenant-release", """
                                "old": {"inputs": {"values": {"inference-api-proxy": {"image": {"tag": "src-1@sha256:aaa"}}}}},
                                "new": {"inputs": {"values": {"inference-api-proxy": {"image": {"tag": "src-2@sha256:bbb"}}}}},
                                "detailedDiff": {"values.inference-api-proxy.image.tag": {"diffKind": "update"}}""")
                                        .outputs(
                                                "{\"proxyImage\": \"registry.example/proxy:src-1@sha256:aaa\"}",
                                                "{\"proxyImage\": \"registry.example/proxy:src-2@sha256:bbb\"}"),
                                nothing())),
                new Case(
                        "changed-token",
                        review(
                                new EngineEvents()
                                        .step(
                                                "update",
                                                "kubernetes:core/v1:Secret",
                                                "tenant-inference-api-proxy-secret",
                                                """
                                "old": {"inputs": {"data": {"remote-inference-api-token": "[secret]"}}},
                                "new": {"inputs": {"data": {"remote-inference-api-token": "[secret]"}}},
                                "detailedDiff": {"data[\\"remote-inference-api-token\\"]": {"diffKind": "update"}}""")
                                        .outputs(
                                                "{\"tokenFingerprint\": \"0123456789abcdef\"}",
                                                "{\"tokenFingerprint\": \"fedcba9876543210\"}"),
                                nothing())),
                new Case(
                        "replacement",
                        review(
                                new EngineEvents()
                                        .step("create-replacement", RELEASE, "tenant-release")
                                        .step("replace", RELEASE, "tenant-release", """
                                "old": {"protect": true, "inputs": {"name": "pharia-ai"}}, "new": {"inputs": {"name": "pharia"}},
                                "detailedDiff": {"name": {"diffKind": "update-replace"}}""")
                                        .step("delete-replaced", RELEASE, "tenant-release"),
                                nothing())),
                new Case("broken-config", review(new EngineEvents().error("""
                        stack 'tenant1' cannot be deployed: 1 problem. Nothing was changed.\\n\\n\
                        1. shared-inference:replicas: unknown configuration key.\\n  Fix: correct or remove it"""), nothing())),
                new Case("undeployed-shared-stack", review(new EngineEvents().error("""
                        stack 'tenant1' cannot be deployed: 1 problem. Nothing was changed.\\n\\n\
                        1. shared-inference:sharedStack = \\"organization/shared-inference/shared\\": \
                        cannot be read: unknown stack.\\n  Fix: deploy it with pulumi up --stack shared"""), nothing())),
                new Case(
                        "generated-values",
                        review(
                                new EngineEvents().step("same", RELEASE, "tenant-release"),
                                Optional.of(new RenderedDiff(
                                        List.of(
                                                new ObjectDiff(
                                                        ObjectDiff.Kind.CHANGED,
                                                        "ConfigMap tenant1/certificates",
                                                        " data:\n   certificate: (regenerated by the chart on each rendering)\n-  days: 30\n+  days: 90\n")),
                                        List.of())))),
                new Case(
                        "drift",
                        collected(
                                Purpose.DRIFT,
                                new EngineEvents()
                                        .step("refresh", "kubernetes:networking.k8s.io/v1:NetworkPolicy", "policy")
                                        .step("refresh", "kubernetes:core/v1:Secret", "secret")
                                        .refreshed(
                                                "update",
                                                "kubernetes:networking.k8s.io/v1:NetworkPolicy",
                                                "policy",
                                                """
                                "old": {"outputs": {"spec": {"policyTypes": ["Egress"]}}},
                                "new": {"outputs": {"spec": {"policyTypes": []}}},
                                "detailedDiff": {"spec.policyTypes[0]": {"diffKind": "delete"}}""")
                                        .refreshed("update", "kubernetes:core/v1:Secret", "secret", """
                                "old": {"outputs": {"metadata": {"name": "s", "resourceVersion": "1"}, "data": "[secret]"}},
                                "new": {"outputs": {"metadata": {"name": "s", "resourceVersion": "2"}, "data": "[secret]"}}""")
                                        .refreshed("same", RELEASE, "release", "\"old\": {}, \"new\": {}"),
                                replicas()
                                        .map(
                                                edited -> edited.with(
                                                        List.of(
                                                                "Deployment tenant1/inference-api-proxy was last modified by kubectl-edit at 2026-01-31T03:12:00Z."))))));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void formatsReview(Case golden) throws IOException {
        Golden.assertText(golden.file(), Markdown.of(golden.review()));
    }

    @Test
    void truncatesLongReviewAndLinksToFullPreview() {
        var diff = "+ a line of an object\n".repeat(200);
        var objects = IntStream.range(0, 50)
                .mapToObj(i -> new ObjectDiff(ObjectDiff.Kind.ADDED, "ConfigMap tenant1/c" + i, diff))
                .toList();
        var review = review(new EngineEvents(), Optional.of(new RenderedDiff(objects, List.of("a note"))));
        var text = Markdown.of(review, Markdown.GITHUB_LIMIT, Optional.of("https://github.example/run/1"));
        assertTrue(text.length() <= Markdown.GITHUB_LIMIT, text.length() + " characters");
        assertTrue(text.length() > Markdown.GITHUB_LIMIT - 6000, "truncated too much: " + text.length());
        assertTrue(text.contains("a note") && text.contains("[Full preview](https://github.example/run/1)"), text);
        assertEquals(count(text, "<details>"), count(text, "</details>"));
        assertEquals(Markdown.of(review), Markdown.of(review, 1_000_000, Optional.empty()));
    }

    @Test
    void escapesUntrustedText() {
        var evil = "x`````\n</details> @everyone <img src=https://evil.example> [a](https://evil.example)";
        var text = Markdown.of(new Review(
                evil,
                Purpose.UPDATE,
                List.of(new Change(
                        Operation.DELETE,
                        evil,
                        evil,
                        true,
                        List.of(new Change.Property(evil, Optional.of(evil), Optional.of(evil))))),
                1,
                List.of(new Change.Property("proxyImage", Optional.of(evil), Optional.of(evil))),
                Optional.of(
                        new RenderedDiff(List.of(new ObjectDiff(ObjectDiff.Kind.ADDED, evil, evil)), List.of(evil))),
                List.of(evil)));
        var outside = outsideCode(text);
        assertFalse(outside.contains("@everyone") || outside.contains("<img") || outside.contains("](https"), outside);
    }

    /** By CommonMark's rules for fences and code spans. */
    private static String outsideCode(String markdown) {
        return markdown.replaceAll("(?m)^<details><summary>.*?</summary>$", "")
                .replaceAll("(?ms)^(`{3,})\\w*\n.*?^\\1$", "")
                .replaceAll("\\\\\\p{Punct}", "")
                .replaceAll("(?s)(?<!`)(`+)(?!`).+?(?<!`)\\1(?!`)", "");
    }

    private static int count(String text, String part) {
        return text.split(part, -1).length - 1;
    }

    private static Review review(EngineEvents events, Optional<RenderedDiff> rendered) {
        return collected(Purpose.UPDATE, events, rendered);
    }

    private static Review collected(Purpose purpose, EngineEvents events, Optional<RenderedDiff> rendered) {
        var collected = events.collected();
        return collected.review("tenant1", purpose, rendered, collected.failures());
    }

    private static Optional<RenderedDiff> nothing() {
        return Optional.of(new RenderedDiff(List.of(), List.of()));
    }

    private static Optional<RenderedDiff> replicas() {
        return Optional.of(new RenderedDiff(
                List.of(new ObjectDiff(
                        ObjectDiff.Kind.CHANGED,
                        "Deployment tenant1/inference-api-proxy",
                        "@@ -4,3 +4,3 @@\n spec:\n-  replicas: 1\n+  replicas: 2\n   revisionHistoryLimit: 3\n")),
                List.of()));
    }
}
