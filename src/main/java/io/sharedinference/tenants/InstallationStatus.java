package io.sharedinference.tenants;

import io.sharedinference.kubernetes.Cluster;
import io.sharedinference.kubernetes.ClusterException;
import io.sharedinference.kubernetes.HelmRelease;
import io.sharedinference.kubernetes.ProxyPod;
import io.sharedinference.kubernetes.ProxyPods;
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
 * The status of a tenant's installation in its cluster.
 *
 * @param results whether the proxies are ready, and whether their Secret contains the token of the shared stack
 */
public record InstallationStatus(Optional<HelmRelease> release, List<ProxyPod> pods, List<HopResult> results) {

    /** @param expected the tenant's token in the shared stack; empty if unknown */
    static InstallationStatus read(Supplier<Cluster> clusters, TenantConfig config, Optional<Token> expected) {
        long start = System.nanoTime();
        try {
            var cluster = clusters.get();
            var proxies = cluster.proxyPods(
                    config.installation().namespace(), config.networkPolicy().proxyPodLabels());
            return new Reader(cluster, proxies, config, start).read(expected);
        } catch (ClusterException e) {
            return new InstallationStatus(
                    Optional.empty(),
                    List.of(),
                    List.of(new HopResult.Unknown(Hop.PODS, e.getMessage(), since(start))));
        }
    }

    private record Reader(Cluster cluster, ProxyPods proxies, TenantConfig config, long start) {

        InstallationStatus read(Optional<Token> expected) {
            var at = config.installation();
            var release = cluster.release(at.namespace(), at.releaseName());
            var pods = proxies.list();
            return new InstallationStatus(release, pods, List.of(ready(release, pods), secret(pods, expected)));
        }

        private HopResult ready(Optional<HelmRelease> release, List<ProxyPod> pods) {
            long ready = pods.stream().filter(ProxyPod::ready).count();
            var counted = ready + " of " + pods.size() + " proxies ready";
            var unready = pods.stream()
                    .filter(pod -> !pod.ready())
                    .flatMap(pod -> proxies.unreadyReason(pod).stream())
                    .limit(1);
            var problems = Stream.concat(
                            releaseProblem(release).stream(),
                            Stream.concat(
                                    Stream.of(counted).filter(text -> pods.isEmpty() || ready < pods.size()), unready))
                    .toList();
            return problems.isEmpty()
                    ? new HopResult.Passed(Hop.PODS, counted, since(start))
                    : new HopResult.Failed(
                            Hop.PODS,
                            String.join(", ", problems),
                            "check kubectl get pods --namespace "
                                    + config.installation().namespace() + ", then run pulumi up --refresh -s " + stack()
                                    + ".",
                            since(start));
        }

        private Optional<String> releaseProblem(Optional<HelmRelease> release) {
            return release.isEmpty()
                    ? Optional.of("release " + config.installation().releaseName() + " not found")
                    : release.map(HelmRelease::status)
                            .filter(status -> !status.equals("deployed"))
                            .map(status -> "release is " + status);
        }

        /** Running pods keep their mounted files when the Secret is deleted. */
        private HopResult secret(List<ProxyPod> pods, Optional<Token> expected) {
            try {
                var namespace = config.installation().namespace();
                var token = cluster.token(namespace, ObjectNames.SECRET, ObjectNames.TOKEN);
                if (token.isEmpty()) {
                    return failed("the Secret " + namespace + "/" + ObjectNames.SECRET + " does not exist or has no "
                            + ObjectNames.TOKEN + ": a restarted proxy would have no token");
                }
                return expected.filter(shared -> !shared.equals(token.get())).isPresent()
                        ? failed(ObjectNames.SECRET + " does not contain the token of the shared stack")
                        : config.image().isPresent() ? proxies(pods, token.get()) : startedSince(pods);
            } catch (ClusterException e) {
                return new HopResult.Unknown(Hop.SECRET, e.getMessage(), since(start));
            }
        }

        /** For the proxy of the chart, which does not report its token and may read it only at startup. */
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
                            "contains the token of the shared stack; all proxies were started after it changed",
                            since(start));
        }

        private HopResult proxies(List<ProxyPod> pods, Token token) {
            var fingerprints = pods.stream().map(proxies::fingerprint).toList();
            long outdated = fingerprints.stream()
                    .flatMap(Optional::stream)
                    .filter(fingerprint -> !fingerprint.equals(token.fingerprint()))
                    .count();
            if (outdated > 0) {
                return new HopResult.Failed(
                        Hop.SECRET,
                        outdated + " of " + pods.size() + " proxies use another token than that in "
                                + ObjectNames.SECRET,
                        "wait two minutes for kubelets to sync the Secret, then check the logs of the proxies.",
                        since(start));
            }
            long unknown = fingerprints.stream().filter(Optional::isEmpty).count();
            return unknown > 0
                    ? new HopResult.Unknown(
                            Hop.SECRET,
                            unknown + " of " + pods.size() + " proxies do not report their token at /metrics",
                            since(start))
                    : new HopResult.Passed(Hop.SECRET, "all proxies use its token", since(start));
        }

        private HopResult failed(String detail) {
            return new HopResult.Failed(
                    Hop.SECRET, detail, "run pulumi up --refresh -s " + stack() + ".", since(start));
        }

        private String stack() {
            return config.installation().stack();
        }
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
