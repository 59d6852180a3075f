package io.sharedinference.project;

/** Full name of a stack. Within a project, files and commands use the short name, {@code stack}. */
public record StackName(String organization, String project, String stack) {

    /** The organization in a self-managed backend, and of stack files: only the CLI knows the user's default one. */
    public static final String DEFAULT_ORGANIZATION = "organization";

    /** @param name {@code stack} or {@code organization/stack}, both of this project, or {@code organization/project/stack} */
    public StackName resolve(String name) {
        var parts = name.split("/", 3);
        return switch (parts.length) {
            case 1 -> new StackName(organization, project, name);
            case 2 -> new StackName(parts[0], project, parts[1]);
            default -> new StackName(parts[0], parts[1], parts[2]);
        };
    }

    public boolean sameProject(StackName other) {
        return equals(other.resolve(stack));
    }

    @Override
    public String toString() {
        return String.join("/", organization, project, stack);
    }
}
