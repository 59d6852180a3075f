@NullMarked
package io.sharedinference.proxy.http;

import org.jspecify.annotations.NullMarked;
