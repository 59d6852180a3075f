package io.sharedinference.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sharedinference.image.ImageReference;
import io.sharedinference.image.ProxyImage;
import io.sharedinference.project.ImagePlatform;
import io.sharedinference.project.JavaRuntime;
import io.sharedinference.project.ProxyImageConfig;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "push-image",
        description = "Build the proxy image and push it, for use as proxyImage",
        footer = {
            "",
            "Prints the reference with digest. The registry's login is that of docker login.",
            "With --json one line: {\"reference\": ..., \"repository\": ..., \"digest\": ...}.",
            "",
            "Examples:",
            "  ./tenant push-image registry.example.com/team/inference-api-proxy",
            "  ./tenant push-image ghcr.io/example/inference-api-proxy --tag 1.0.0 --platforms linux/amd64"
        })
final class PushImageCommand extends ProjectCommand {

    @Parameters(paramLabel = "REPOSITORY", description = "Registry and repository to push to, without a tag")
    private String repository;

    @Option(names = "--tag", paramLabel = "TAG", description = "Tag (default: computed from the sources in proxy/)")
    private Optional<String> tag;

    @Option(
            names = "--platforms",
            paramLabel = "PLATFORM",
            split = ",",
            defaultValue = "linux/amd64,linux/arm64",
            description = "Platforms of the image (default: ${DEFAULT-VALUE})")
    private List<String> platforms;

    @Option(
            names = "--java-base-image",
            paramLabel = "IMAGE",
            defaultValue = JavaRuntime.Provided.DEFAULT_BASE_IMAGE,
            description = "Base image with Java 25 or later (default: ${DEFAULT-VALUE})")
    private String baseImage;

    @Option(names = "--insecure", description = "Allow a registry without TLS or with an untrusted certificate")
    private boolean insecure;

    @Override
    public Integer call() {
        var out = out();
        var err = err();
        ImageReference pushed = ProxyImage.push(config(), options().checkout(), tag, line -> {
            err.println(line);
            err.flush();
        });
        out.println(options().json() ? json(pushed) : pushed.pinned());
        out.flush();
        return ExitCode.SUCCESS;
    }

    private ProxyImageConfig config() {
        platforms.stream()
                .filter(name -> ImagePlatform.of(name).isEmpty())
                .findFirst()
                .ifPresent(name -> {
                    throw new CommandException("--platforms " + name + ": not supported."
                            + "\nFix: use linux/amd64, linux/arm64 or both, separated by a comma.");
                });
        JavaRuntime runtime = new JavaRuntime.Provided(baseImage, Optional.of(ImagePlatform.among(platforms)));
        return new ProxyImageConfig(Optional.empty(), repository, runtime, Optional.empty(), insecure);
    }

    private static String json(ImageReference pushed) {
        return new ObjectMapper()
                .createObjectNode()
                .put("reference", pushed.pinned())
                .put("repository", pushed.registry() + "/" + pushed.repository())
                .put("digest", pushed.digest())
                .toString();
    }
}
