@NullMarked
package io.sharedinference.proxy.relay;

import org.jspecify.annotations.NullMarked;
