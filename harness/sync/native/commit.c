// SPDX-License-Identifier: MIT
/* Executed operations -> copies and refusals; the steps put together. */
#include <errno.h>
#include <limits.h>

#include "internal.h"

static int check_executed(const struct sprsync_registry *registry,
			  const struct sprsync_operation *operations,
			  size_t count, bool can_store)
{
	for (size_t i = 0; i < count; i++) {
		if (sprsync_index_of_id(registry, operations[i].id) < 0)
			return -ENOENT;
		if (!sprsync_is_direction(operations[i].direction))
			return -EINVAL;
		if (operations[i].direction == SPRSYNC_GET && !can_store)
			return -EINVAL;
		if (operations[i].error > 0)
			return -EINPROGRESS;
	}
	return 0;
}

/*
 * Whether a refusal will be the same the next time: the kernel does not know
 * the id, or the facility is not there.  A put can also be -EINVAL for its
 * value; that it is for its id the get says.
 */
static bool is_for_good(const struct sprsync_operation *operation,
			uint8_t refused)
{
	switch (operation->error) {
	case -ENXIO:
	case -EOPNOTSUPP:
		return true;
	case -EINVAL:
		return operation->direction == SPRSYNC_GET ||
		       (refused & SPRSYNC_GET) != 0;
	default:
		return false;
	}
}

static void note_refusal(const struct sprsync_options *options,
			 const struct sprsync_operation *operation,
			 size_t index)
{
	if (options->refused != NULL &&
	    is_for_good(operation, options->refused[index]))
		options->refused[index] |= (uint8_t)operation->direction;
}

static void take(const struct sprsync_register *reg,
		 const struct sprsync_operation *operation,
		 struct sprsync_copy *copy)
{
	memset(copy, 0, sizeof(*copy));
	memcpy(copy->value, operation->value, sprsync_id_size(reg->id));
	memcpy(copy->synced, copy->value, sizeof(copy->synced));
	copy->is_valid = 1;
	copy->is_synced = 1;
}

static int note_success(const struct sprsync_registry *registry,
			const struct sprsync_options *options,
			const struct sprsync_operation *operation, size_t index,
			struct sprsync_copy *copies)
{
	const struct sprsync_register *reg = &registry->registers[index];
	uint8_t value[SPRSYNC_VALUE_MAX] = { 0 };

	memcpy(value, operation->value, sprsync_id_size(reg->id));
	if (operation->direction == SPRSYNC_GET) {
		if (options->store != NULL)
			return options->store(options->context, reg, value);
		take(reg, operation, &copies[index]);
		if ((options->flags & SPRSYNC_RAW) == 0)
			sprsync_note_got(registry, copies, index, value);
	} else if (copies != NULL) {
		sprsync_note_put(registry, copies, index, value);
		if ((reg->directions & SPRSYNC_GET) == 0)
			memset(&copies[index], 0, sizeof(copies[index]));
	}
	return 0;
}

/* Of two overlapping registers that were both got each has its own answer. */
static void take_again(const struct sprsync_registry *registry,
		       const struct sprsync_operation *operations, size_t count,
		       struct sprsync_copy *copies)
{
	for (size_t i = 0; i < count; i++) {
		int64_t index = sprsync_index_of_id(registry, operations[i].id);

		if (operations[i].direction == SPRSYNC_GET &&
		    operations[i].error == 0)
			take(&registry->registers[index], &operations[i],
			     &copies[index]);
	}
}

static bool has_room(const struct sprsync_refusal *refusals, size_t capacity)
{
	return capacity == 0 || refusals != NULL;
}

int sprsync_commit(const struct sprsync_registry *registry,
		   const struct sprsync_options *options,
		   const struct sprsync_operation *operations, size_t count,
		   struct sprsync_copy *copies,
		   struct sprsync_refusal *refusals, size_t capacity)
{
	size_t refused = 0;
	int error;

	if (!sprsync_is_registry(registry) || !sprsync_is_options(options) ||
	    count > INT_MAX || (count > 0 && operations == NULL) ||
	    !has_room(refusals, capacity))
		return -EINVAL;
	error = check_executed(registry, operations, count,
			       copies != NULL || options->store != NULL);
	if (error)
		return error;
	for (size_t i = 0; i < count; i++) {
		const struct sprsync_operation *operation = &operations[i];
		size_t index =
			(size_t)sprsync_index_of_id(registry, operation->id);

		if (operation->error < 0) {
			if (refused < capacity) {
				refusals[refused] = (struct sprsync_refusal){
					.reg = &registry->registers[index],
					.direction = operation->direction,
					.error = operation->error,
				};
			}
			refused++;
			note_refusal(options, operation, index);
			continue;
		}
		error = note_success(registry, options, operation, index,
				     copies);
		if (error)
			return error;
	}
	if (options->store == NULL)
		take_again(registry, operations, count, copies);
	return (int)refused;
}

static int execute_and_commit(const struct sprsync_backend *backend,
			      int vcpu_fd,
			      const struct sprsync_registry *registry,
			      const struct sprsync_options *options, int count,
			      struct sprsync_copy *copies,
			      struct sprsync_operation *operations,
			      struct sprsync_refusal *refusals, size_t capacity)
{
	int failed;

	if (count < 0)
		return count;
	failed = sprsync_execute(backend, vcpu_fd, operations, (size_t)count);
	if (failed < 0)
		return failed;
	return sprsync_commit(registry, options, operations, (size_t)count,
			      copies, refusals, capacity);
}

/* What a commit would refuse is refused before the vCPU is touched. */
int sprsync_get(const struct sprsync_backend *backend, int vcpu_fd,
		const struct sprsync_registry *registry,
		const struct sprsync_options *options,
		struct sprsync_copy *copies,
		struct sprsync_operation *operations,
		struct sprsync_refusal *refusals, size_t capacity)
{
	if (registry == NULL || options == NULL ||
	    !has_room(refusals, capacity) ||
	    (copies == NULL && options->store == NULL))
		return -EINVAL;
	return execute_and_commit(backend, vcpu_fd, registry, options,
				  sprsync_plan_get(registry, options,
						   operations, registry->count),
				  copies, operations, refusals, capacity);
}

int sprsync_put(const struct sprsync_backend *backend, int vcpu_fd,
		const struct sprsync_registry *registry,
		const struct sprsync_options *options, enum sprsync_level level,
		struct sprsync_copy *copies,
		struct sprsync_operation *operations,
		struct sprsync_refusal *refusals, size_t capacity)
{
	if (registry == NULL || !has_room(refusals, capacity))
		return -EINVAL;
	return execute_and_commit(backend, vcpu_fd, registry, options,
				  sprsync_plan_put(registry, options, level,
						   copies, operations,
						   registry->count),
				  copies, operations, refusals, capacity);
}
