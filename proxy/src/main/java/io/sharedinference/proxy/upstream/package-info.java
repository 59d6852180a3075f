@NullMarked
package io.sharedinference.proxy.upstream;

import org.jspecify.annotations.NullMarked;
