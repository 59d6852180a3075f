package io.sharedinference.program;

import com.pulumi.core.Output;
import com.pulumi.core.annotations.Import;
import com.pulumi.resources.ResourceArgs;
import java.util.Map;

/** An object of a kind that the SDK has no class for. */
final class CustomObjectArgs extends ResourceArgs {

    @Import(name = "apiVersion", required = true)
    private final Output<String> apiVersion;

    @Import(name = "kind", required = true)
    private final Output<String> kind;

    @Import(name = "metadata", required = true)
    private final Output<Map<String, Object>> metadata;

    @Import(name = "spec", required = true)
    private final Output<Map<String, Object>> spec;

    CustomObjectArgs(String apiVersion, String kind, Map<String, Object> metadata, Map<String, Object> spec) {
        this.apiVersion = Output.of(apiVersion);
        this.kind = Output.of(kind);
        this.metadata = Output.of(metadata);
        this.spec = Output.of(spec);
    }
}
