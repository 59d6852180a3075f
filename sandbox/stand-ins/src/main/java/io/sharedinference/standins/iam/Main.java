package io.sharedinference.standins.iam;

import io.sharedinference.standins.server.StandInServer;
import java.nio.file.Path;
import java.util.function.Consumer;

/** The sandbox's stand-in for PhariaIAM: serves {@code POST /check_user} from mounted users, roles and tokens. */
public final class Main {
    private static final int GRACE_SECONDS = 2;

    private Main() {}

    /** Environment variables: PORT (8080) and USERS_DIRECTORY (/etc/pharia-iam). */
    public static void main(String[] args) {
        int port = Integer.parseInt(System.getenv().getOrDefault("PORT", "8080"));
        Path users = Path.of(System.getenv().getOrDefault("USERS_DIRECTORY", "/etc/pharia-iam"));
        start(port, users, System.out::println).stopOnTermination(GRACE_SECONDS);
        System.out.println("STAND-IN for PhariaIAM, for sandboxes only, listening on port " + port);
    }

    /**
     * Serves the users of a directory that {@code sandbox/chart} mounts: {@code users.json}, and for each user
     * {@code service-users/NAME} or {@code demo-users/NAME} with the token in {@code token} or its hash in {@code sha256}.
     * Reloads changed files.
     *
     * @throws IllegalArgumentException if a file is missing or invalid
     */
    public static StandInServer start(int port, Path users, Consumer<String> log) {
        UserDirectory directory = UserDirectory.open(users, log);
        return StandInServer.start(port, log, new CheckUser(directory));
    }
}
