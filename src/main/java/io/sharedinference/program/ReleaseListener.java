package io.sharedinference.program;

import com.pulumi.core.Output;
import io.sharedinference.project.InstallationConfig;

/** Receives the Helm release of a stack when it is declared. */
@FunctionalInterface
public interface ReleaseListener {

    /**
     * @param values values of the release
     * @param status status of the release, known after Helm has deployed it
     */
    void release(InstallationConfig config, Values values, Output<?> status);
}
