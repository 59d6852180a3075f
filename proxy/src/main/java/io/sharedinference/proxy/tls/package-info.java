@NullMarked
package io.sharedinference.proxy.tls;

import org.jspecify.annotations.NullMarked;
