package io.sharedinference.cli;

import io.sharedinference.tenants.AgedTokens;
import io.sharedinference.tenants.Project;
import io.sharedinference.tenants.Rotation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "rotate",
        description = {
            "Rotate a tenant's token without failed requests",
            "Confirms that the old token is revoked. With --older-than, rotates every tenant's token of that age.",
            "To resume after an interruption, run it again."
        },
        footer = {
            "",
            "Examples:",
            "  ./tenant rotate tenant2",
            "  ./tenant rotate tenant2 --token-file token.txt",
            "  ./tenant rotate --older-than 90d --yes",
            "  ./tenant rotate tenant2 --proxy-fingerprint 0a1b2c3d4e5f"
        })
final class RotateCommand extends LifecycleCommand {

    @Parameters(
            paramLabel = "NAME",
            arity = "0..1",
            description = "Stack of the tenant",
            completionCandidates = StackNames.class)
    private Optional<String> name;

    @Option(
            names = "--older-than",
            paramLabel = "DAYS",
            description = "Rotate the token of every tenant of this project whose token is that old, for example 90d")
    private Optional<String> olderThan;

    @Option(
            names = "--proxy-fingerprint",
            paramLabel = "FINGERPRINT",
            description = {
                "Token fingerprint that the proxies report at /metrics, if the tenant's stack is in another project;",
                "the old token is revoked only if it is the fingerprint of the new one"
            })
    private Optional<String> proxyFingerprint;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = {
                "File with the token of a user of the tenant; - reads standard input.",
                "A request with it confirms the new token before the old one is revoked."
            })
    private Optional<String> tokenFile;

    @Override
    public Integer call() {
        if (name.isPresent() == olderThan.isPresent()) {
            throw usageError("specify either NAME or --older-than");
        }
        return name.map(this::one).orElseGet(() -> all(days(olderThan.orElseThrow())));
    }

    private int one(String stack) {
        tenantNames(List.of()).require(stack);
        var rotation =
                new Rotation(open(), stack, proxyFingerprint, UserToken.find(tokenFile, System.in, System.getenv()));
        return confirm(stack, "Rotate the token of tenant " + stack + "?", steps -> {
            rotation.run(steps);
            return stack + " has a new token.";
        });
    }

    private long days(String text) {
        if (!text.matches("\\d{1,5}d?")) {
            throw usageError("invalid value '" + text + "' for --older-than: must be days, such as 90d");
        }
        return Long.parseLong(text.replace("d", ""));
    }

    /** A failure of one tenant does not affect the others. */
    private int all(long days) {
        if (proxyFingerprint.isPresent() || tokenFile.isPresent()) {
            throw usageError("--proxy-fingerprint and --token-file require NAME, not --older-than");
        }
        var project = open();
        var aged = AgedTokens.of(project, days);
        StepReporter steps = steps();
        boolean confirmed =
                aged.stacks().isEmpty() || confirmed("Rotate the tokens of " + String.join(", ", aged.stacks()) + "?");
        var failed = confirmed ? rotate(project, aged.stacks(), steps) : List.<String>of();
        var result = (confirmed ? aged.stacks().size() - failed.size() : 0) + " of "
                + aged.stacks().size() + " tokens older than " + days + " days were rotated.";
        if (!failed.isEmpty() || !aged.unknown().isEmpty()) {
            throw steps.failure(new CommandException(result + "\n"
                    + Stream.of(aged.unknown(), failed).flatMap(List::stream).collect(Collectors.joining("\n"))));
        }
        steps.end(String.join(", ", aged.stacks()), confirmed, result);
        return ExitCode.of(confirmed);
    }

    /** @return the stacks that failed, with the reason */
    private static List<String> rotate(Project project, List<String> stacks, StepReporter steps) {
        var failed = new ArrayList<String>();
        for (var stack : stacks) {
            try {
                new Rotation(project, stack, Optional.empty(), Optional.empty()).run(steps);
            } catch (RuntimeException e) {
                failed.add(stack + ": " + Tenant.message(e));
            }
        }
        return failed;
    }
}
