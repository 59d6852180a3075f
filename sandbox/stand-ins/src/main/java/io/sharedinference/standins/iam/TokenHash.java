package io.sharedinference.standins.iam;

import io.sharedinference.standins.server.Token;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;

/** The SHA-256 of a token, compared in constant time. */
record TokenHash(byte[] sha256) {

    /**
     * Reads a user's directory: {@code sha256} in hexadecimal digits or, without it, {@code token}.
     *
     * @throws IllegalArgumentException if neither file exists or its content is invalid
     */
    static TokenHash read(Path directory) {
        try {
            Path hash = directory.resolve("sha256");
            return new TokenHash(
                    Files.exists(hash)
                            ? HexFormat.of().parseHex(Files.readString(hash).strip())
                            : new Token(Files.readString(directory.resolve("token"))
                                            .strip())
                                    .sha256());
        } catch (IOException e) {
            throw new IllegalArgumentException("no token in " + directory, e);
        }
    }

    boolean isOf(Token token) {
        return MessageDigest.isEqual(sha256, token.sha256());
    }
}
