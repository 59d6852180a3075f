package io.sharedinference.tenants;

import io.sharedinference.kubernetes.Cluster;
import io.sharedinference.kubernetes.ClusterException;
import io.sharedinference.kubernetes.HelmRelease;
import io.sharedinference.kubernetes.ProxyPod;
import io.sharedinference.program.ObjectNames;
import io.sharedinference.project.TenantConfig;
import io.sharedinference.secrets.Token;
import io.sharedinference.verify.Hop;
import io.sharedinference.verify.HopResult;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A tenant as its own cluster shows it.
 *
 * @param results whether the proxies are ready, and whether their Secret is there and holds the shared stack's token
 */
public record Deployed(Optional<HelmRelease> release, List<ProxyPod> pods, List<HopResult> results) {

    /** @param expected the token that the shared stack has for the tenant; empty when that isn't known */
    public static Deployed look(Supplier<Cluster> clusters, TenantConfig config, Optional<Token> expected) {
        long start = System.nanoTime();
        try {
            return new Look(clusters.get(), config, start).deployed(expected);
        } catch (ClusterException e) {
            return new Deployed(
                    Optional.empty(),
                    List.of(),
                    List.of(new HopResult.Unknown(Hop.PODS, e.getMessage(), since(start))));
        }
    }

    private record Look(Cluster cluster, TenantConfig config, long start) {

        Deployed deployed(Optional<Token> expected) {
            var at = config.installation();
            var release = cluster.release(at.namespace(), at.releaseName());
            var pods = cluster.proxyPods(at.namespace(), config.networkPolicy().proxyPodLabels());
            return new Deployed(release, pods, List.of(ready(release, pods), secret(pods, expected)));
        }

        private HopResult ready(Optional<HelmRelease> release, List<ProxyPod> pods) {
            var status = release.map(HelmRelease::status)
                    .or(() -> Optional.of("no release " + config.installation().releaseName()))
                    .filter(word -> !word.equals("deployed"))
                    .map(word -> release.isPresent() ? "the release is " + word : word);
            long ready = pods.stream().filter(ProxyPod::ready).count();
            var counted = ready + " of " + pods.size() + " proxies ready";
            var unready = pods.stream()
                    .filter(pod -> !pod.ready())
                    .flatMap(pod -> cluster.whyUnready(pod).stream())
                    .limit(1);
            var complaints = Stream.concat(
                            status.stream(),
                            Stream.concat(
                                    Stream.of(counted).filter(text -> pods.isEmpty() || ready < pods.size()), unready))
                    .toList();
            return complaints.isEmpty()
                    ? new HopResult.Passed(Hop.PODS, counted, since(start))
                    : new HopResult.Failed(
                            Hop.PODS,
                            String.join(", ", complaints),
                            "Look at kubectl get pods --namespace "
                                    + config.installation().namespace() + ", then run pulumi up -s " + stack() + ".",
                            since(start));
        }

        /** A Secret that is gone isn't missed by pods that have mounted it: their files stay. */
        private HopResult secret(List<ProxyPod> pods, Optional<Token> expected) {
            try {
                var namespace = config.installation().namespace();
                var token = cluster.token(namespace, ObjectNames.SECRET, ObjectNames.TOKEN);
                if (token.isEmpty()) {
                    return failed("the Secret " + namespace + "/" + ObjectNames.SECRET + " is gone or has no "
                            + ObjectNames.TOKEN + ": a proxy that restarts gets no token");
                }
                return expected.filter(shared -> !shared.equals(token.get())).isPresent()
                        ? failed(ObjectNames.SECRET + " holds another token than the shared stack's")
                        : config.image().isPresent() ? used(pods, token.get()) : startedSince(pods);
            } catch (ClusterException e) {
                return new HopResult.Unknown(Hop.SECRET, e.getMessage(), since(start));
            }
        }

        /** For the chart's own proxy, which does not report its token, and may read it when it starts alone. */
        private HopResult startedSince(List<ProxyPod> pods) {
            var changed = cluster.secretChanged(config.installation().namespace(), ObjectNames.SECRET);
            long earlier = pods.stream()
                    .filter(pod -> pod.started().isPresent()
                            && changed.filter(pod.started().get()::isBefore).isPresent())
                    .count();
            return earlier > 0
                    ? new HopResult.Unknown(
                            Hop.SECRET,
                            earlier + " of " + pods.size() + " proxies were started before the Secret "
                                    + ObjectNames.SECRET + " changed, and may use the earlier token until they are"
                                    + " restarted",
                            since(start))
                    : new HopResult.Passed(
                            Hop.SECRET,
                            "it has the shared stack's token, and the proxies were started since it changed",
                            since(start));
        }

        private HopResult used(List<ProxyPod> pods, Token token) {
            var used = pods.stream().map(cluster::fingerprint).toList();
            long others = used.stream()
                    .flatMap(Optional::stream)
                    .filter(fingerprint -> !fingerprint.equals(token.fingerprint()))
                    .count();
            if (others > 0) {
                return new HopResult.Failed(
                        Hop.SECRET,
                        "another token than that of " + ObjectNames.SECRET + " in " + others + " of " + pods.size()
                                + " proxies",
                        "Wait two minutes, in which kubelets pass a changed Secret on; then look at the proxies' logs.",
                        since(start));
            }
            long silent = used.stream().filter(Optional::isEmpty).count();
            return silent > 0
                    ? new HopResult.Unknown(
                            Hop.SECRET,
                            silent + " of " + pods.size() + " proxies don't show at /metrics which token they use",
                            since(start))
                    : new HopResult.Passed(Hop.SECRET, "the proxies use its token", since(start));
        }

        private HopResult failed(String detail) {
            return new HopResult.Failed(
                    Hop.SECRET, detail, "Run pulumi up --refresh -s " + stack() + ".", since(start));
        }

        private String stack() {
            return config.installation().stack();
        }
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
