@NullMarked
package io.sharedinference.html;

import org.jspecify.annotations.NullMarked;
