package io.sharedinference.standins.iam;

import io.sharedinference.standins.server.Token;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;

/** What the IAM keeps of a token: its SHA-256, compared in constant time. */
record TokenHash(byte[] sha256) {

    /**
     * Of a user's folder: from the file {@code sha256} in hexadecimal digits, or {@code token}.
     *
     * @throws IllegalArgumentException when neither can be read or is right
     */
    static TokenHash read(Path folder) {
        try {
            Path hash = folder.resolve("sha256");
            return new TokenHash(
                    Files.exists(hash)
                            ? HexFormat.of().parseHex(Files.readString(hash).strip())
                            : new Token(Files.readString(folder.resolve("token"))
                                            .strip())
                                    .sha256());
        } catch (IOException e) {
            throw new IllegalArgumentException("no token in " + folder, e);
        }
    }

    boolean isOf(Token token) {
        return MessageDigest.isEqual(sha256, token.sha256());
    }
}
