package io.sharedinference.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sharedinference.chart.RenderedDiff;
import io.sharedinference.review.Change;
import io.sharedinference.review.Operation;
import io.sharedinference.review.Review;
import io.sharedinference.tenants.TenantStatus.Drift;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class DriftCheckTest {

    @Test
    void summarizesTheDriftOfPreview() {
        assertEquals(new Drift(false, "none"), DriftCheck.summary(review(List.of(), List.of())));
        assertEquals(
                new Drift(true, "1 to delete, 1 to update"),
                DriftCheck.summary(review(List.of(change(Operation.UPDATE), change(Operation.DELETE)), List.of())));
    }

    @Test
    void reportsFailedPreviewsAsUnknown() {
        assertEquals(
                new Drift(false, "unknown: incorrect passphrase"),
                DriftCheck.summary(review(List.of(change(Operation.UPDATE)), List.of("incorrect passphrase\nmore"))));
    }

    @Test
    void reportsObjectsThatCannotBeComparedAsUnknown() {
        var why = "Cannot check for drift: cannot run helm: no such file";
        var unchecked = review(Optional.of(new RenderedDiff(List.of(), List.of(why))), List.of());
        assertEquals(new Drift(false, "unknown: " + why), DriftCheck.summary(unchecked));
        var refused = assertThrows(CommandException.class, () -> RepairCommand.edited(unchecked));
        assertEquals("cannot determine the drift of stack blue: " + why, refused.getMessage());
        assertThrows(CommandException.class, () -> RepairCommand.edited(review(List.of(), List.of("no such stack"))));
        assertFalse(RepairCommand.edited(review(List.of(change(Operation.UPDATE)), List.of())));
    }

    @Test
    void exitsWith3ForChangesOnRequest() {
        assertEquals(3, exit("--detailed-exitcode").code(true));
        assertEquals(0, exit("--detailed-exitcode").code(false));
        assertEquals(0, exit().code(true));
    }

    private static DetailedExitCode exit(String... arguments) {
        return CommandLine.populateCommand(new DetailedExitCode(), arguments);
    }

    private static Change change(Operation operation) {
        return new Change(operation, "kubernetes:core/v1:Secret", "a", false, List.of());
    }

    private static Review review(Optional<RenderedDiff> rendered, List<String> failures) {
        return new Review("blue", Review.Purpose.DRIFT, List.of(), 0, List.of(), rendered, failures);
    }

    private static Review review(List<Change> changes, List<String> failures) {
        return new Review(
                "blue", Review.Purpose.DRIFT, changes, 0, List.of(), Optional.<RenderedDiff>empty(), failures);
    }
}
