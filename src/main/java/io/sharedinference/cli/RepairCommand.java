package io.sharedinference.cli;

import io.sharedinference.chart.ChartException;
import io.sharedinference.review.PlainText;
import io.sharedinference.review.Previews;
import io.sharedinference.review.Review;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "repair",
        description = {
            "Show and undo drift of objects in the cluster",
            "Removes fields that users added, except those in driftIgnore. Missing resources of Pulumi: use pulumi up --refresh."
        },
        footer = {"", "Examples:", "  ./tenant repair tenant2"})
final class RepairCommand extends LifecycleCommand {

    @Parameters(paramLabel = "NAME", description = "Stack to repair", completionCandidates = StackNames.class)
    private String name;

    @Override
    public Integer call() {
        options().stackNames().require(name);
        var check = new DriftCheck(options(), new Previews(options().engine(), System.getenv()));
        var drift = check.of(name);
        boolean edited = edited(drift);
        err().println(PlainText.of(drift));
        if (!edited) {
            steps().end(name, true, "No object of " + name + " was edited.");
            return ExitCode.SUCCESS;
        }
        return confirm(name, "Restore these objects of " + name + " to their deployed state?", steps -> {
            steps.step("repair objects", listener -> repaired(check));
            return name + " was repaired.";
        });
    }

    /** @throws CommandException if drift cannot be determined */
    static boolean edited(Review drift) {
        if (drift.rendered().stream().anyMatch(diff -> !diff.objects().isEmpty())) {
            return true;
        }
        var unchecked = DriftCheck.unchecked(drift);
        if (!unchecked.isEmpty()) {
            throw new CommandException(
                    "cannot determine the drift of stack " + drift.stack() + ": " + String.join("\n", unchecked));
        }
        return false;
    }

    private String repaired(DriftCheck check) {
        try {
            return String.join(", ", check.chart(name).orElseThrow().repair());
        } catch (ChartException e) {
            throw new CommandException("cannot read the release of stack " + name + ": " + e.getMessage(), e);
        }
    }
}
