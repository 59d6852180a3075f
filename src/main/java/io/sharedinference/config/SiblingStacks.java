package io.sharedinference.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What the other stack files of the project say of where their installations are. */
final class SiblingStacks {

    /** Blank where the file doesn't say, or encrypts it. */
    record Sibling(
            Path file,
            String role,
            String context,
            Optional<Path> kubeconfig,
            String namespace,
            String tenant,
            String sharedStack) {

        boolean isHandover() {
            return role.equals(Role.HANDOVER.text());
        }

        String stack() {
            return file.getFileName().toString().replaceFirst("^Pulumi\\.(.+)\\.yaml$", "$1");
        }
    }

    private SiblingStacks() {}

    /** Files that can't be read are passed over: they are their own stack's problem. */
    static List<Sibling> of(String stack, String project, Path folder) {
        var files = new StackFiles(folder, project, "");
        return files.stacks().stream()
                .filter(name -> !name.equals(stack))
                .flatMap(name ->
                        files.read(name, new Problems()).map(settings -> sibling(files.file(name), settings)).stream())
                .toList();
    }

    private static Sibling sibling(Path file, Settings settings) {
        var role = text(settings, Key.ROLE);
        var namespace = text(settings, Key.NAMESPACE);
        var otherwise =
                role.equals(Role.TENANT.text()) ? text(settings, Key.TENANT) : InstallationConfig.SHARED_NAMESPACE;
        return new Sibling(
                file,
                role,
                text(settings, Key.CONTEXT),
                Optional.of(text(settings, Key.KUBECONFIG))
                        .filter(kubeconfig -> !kubeconfig.isBlank())
                        .map(Path::of),
                namespace.isBlank() ? otherwise : namespace,
                text(settings, Key.TENANT),
                text(settings, Key.SHARED_STACK));
    }

    private static String text(Settings settings, Key key) {
        return settings.value(key).filter(any -> !settings.secret(key)).orElse("");
    }
}
