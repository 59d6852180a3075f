package io.sharedinference.standins.iam;

import io.sharedinference.standins.server.StandInServer;
import java.nio.file.Path;
import java.util.function.Consumer;

/** The sandbox's stand-in for PhariaIAM: {@code POST /check_user} over users, roles and tokens in mounted files. */
public final class Main {
    private static final int GRACE_SECONDS = 2;

    private Main() {}

    /** Environment: PORT (8080) and USERS_DIRECTORY (/etc/pharia-iam). */
    public static void main(String[] args) {
        int port = Integer.parseInt(System.getenv().getOrDefault("PORT", "8080"));
        Path users = Path.of(System.getenv().getOrDefault("USERS_DIRECTORY", "/etc/pharia-iam"));
        start(port, users, System.out::println).stopOnTermination(GRACE_SECONDS);
        System.out.println("STAND-IN for PhariaIAM, for a sandbox only, listens on port " + port);
    }

    /**
     * Starts with the users of a directory as {@code sandbox/chart} mounts it: {@code users.json}, and each user's token
     * in {@code service-users/NAME/token} or {@code demo-users/NAME/token}, or its hash in a file {@code sha256} there. Changed files are taken up while running.
     *
     * @throws IllegalArgumentException when a file is missing or wrong
     */
    public static StandInServer start(int port, Path users, Consumer<String> log) {
        UserDirectory directory = UserDirectory.open(users, log);
        return StandInServer.start(port, log, new CheckUser(directory));
    }
}
