@NullMarked
package io.sharedinference.proxy.usage;

import org.jspecify.annotations.NullMarked;
