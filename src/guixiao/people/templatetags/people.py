"""The register's codes as words, in templates."""

from django import template

from guixiao.people import words

register = template.Library()
register.filter("change", words.change)
