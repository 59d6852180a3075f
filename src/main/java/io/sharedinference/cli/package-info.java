@NullMarked
package io.sharedinference.cli;

import org.jspecify.annotations.NullMarked;
