@NullMarked
package io.sharedinference.proxy.auth;

import org.jspecify.annotations.NullMarked;
