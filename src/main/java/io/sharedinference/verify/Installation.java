package io.sharedinference.verify;

import io.sharedinference.release.Token;
import java.net.URI;

/**
 * An inference API and whom to call it as.
 *
 * @param stack for remedies
 * @param url   absolute, http or https
 * @param token at the tenant a user's, at the shared installation the tenant's service user's
 */
public record Installation(String stack, URI url, Token token) {}
