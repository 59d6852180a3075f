package io.sharedinference.cli;

import io.sharedinference.chart.ChartException;
import io.sharedinference.review.PlainText;
import io.sharedinference.review.Previews;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "repair",
        description = {
            "Undo drift of a chart's objects, after showing it",
            "Fields that people added are removed; those in driftIgnore stay. For Pulumi's own resources: pulumi up --refresh."
        },
        footer = {"", "Examples:", "  ./tenant repair tenant2"})
final class RepairCommand implements Callable<Integer> {

    @Parameters(paramLabel = "NAME", description = "Stack to repair", completionCandidates = StackNames.class)
    private String name;

    @Mixin
    private LifecycleOptions options;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        options.stackNames().require(name);
        var project = options.project();
        var check = new DriftCheck(project, new Previews(project.engine(), System.getenv()));
        var drift = check.of(name);
        var err = spec.commandLine().getErr();
        err.println(PlainText.of(drift));
        Steps steps = options.steps(spec.commandLine().getOut());
        if (drift.rendered().stream().allMatch(diff -> diff.objects().isEmpty())) {
            steps.end(name, true, "No object of " + name + "'s chart has drifted.");
            return Exit.DONE;
        }
        boolean agreed = options.agreed(err, "Give these objects of " + name + " what the chart sets?");
        if (agreed) {
            steps.step("repair the chart's objects", listener -> repaired(check));
        }
        steps.end(name, agreed, agreed ? name + " is as its chart sets it." : name + " was not repaired.");
        return Exit.of(agreed);
    }

    private String repaired(DriftCheck check) {
        try {
            return String.join(", ", check.chart(name).orElseThrow().repair());
        } catch (ChartException e) {
            throw new CommandException("the release of " + name + " can't be read: " + e.getMessage(), e);
        }
    }
}
