package io.sharedinference.program;

import com.pulumi.core.Output;
import io.sharedinference.project.InstallationConfig;

/** Hears of a stack's Helm release when it is declared. */
@FunctionalInterface
public interface ReleaseListener {

    /**
     * @param values what the chart is given
     * @param status of the release, known when Helm has made it
     */
    void release(InstallationConfig config, Values values, Output<?> status);
}
