package io.sharedinference.verify;

import io.sharedinference.secrets.Token;
import java.net.URI;
import java.util.Optional;

/**
 * An inference API and whom to call it as.
 *
 * @param stack for remedies
 * @param url   absolute, http or https
 * @param token at the tenant a user's, at the shared installation the tenant's service user's
 * @param ca    CA certificates, in PEM, that its stack names for the API's own; empty for public CAs
 */
public record Installation(String stack, URI url, Token token, Optional<String> ca) {

    /** One whose certificate is checked with the JDK's CAs and the command line's. */
    public Installation(String stack, URI url, Token token) {
        this(stack, url, token, Optional.empty());
    }
}
